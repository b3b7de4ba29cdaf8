import { type BatchNorm, batchNormNames, batchNormSpec, type NameTable, type ParamsOf } from '@diptych/nn';
import { type ConvUnit, convUnitNames } from './conv-unit.ts';
import { branchSpec, type ConvKind, type FoldedConv, foldIdentity, foldUnit, sumOf } from './folded-conv.ts';

/** The branches of a MobileOne block, Vasu et al. 2022, arXiv:2206.04040, as they are trained. */
export type MobileOne = {
  readonly identity?: BatchNorm;
  readonly branches: readonly ConvUnit[];
  /** Filters of one pixel. */
  readonly scale?: ConvUnit;
};

/** The identity is there where the shape stays, `scale` where the filter is larger than one pixel. */
export function mobileOneSpec(
  kind: ConvKind,
  size: number,
  [inputs, outputs]: readonly [number, number],
  stride = 1,
): MobileOne {
  return {
    ...(inputs === outputs && stride === 1 && { identity: batchNormSpec(inputs) }),
    branches: [branchSpec(kind, size, inputs, outputs)],
    ...(size > 1 && { scale: branchSpec(kind, 1, inputs, outputs) }),
  };
}

/** All branches as one convolution. */
export function foldMobileOne({ identity, branches, scale }: ParamsOf<MobileOne>, kind: ConvKind): FoldedConv {
  const parts = branches.map((branch) => foldUnit(branch, kind));
  if (scale) parts.push(foldUnit(scale, kind));
  if (identity) parts.push(foldIdentity(identity, kind));
  return sumOf(parts);
}

/** timm's names. */
export function mobileOneNames(path: string, name: string): NameTable['names'] {
  return {
    ...batchNormNames(`${path}.identity`, `${name}.identity`),
    ...convUnitNames(`${path}.branches.*`, `${name}.conv_kxk.*.conv`, `${name}.conv_kxk.*.bn`),
    ...convUnitNames(`${path}.scale`, `${name}.conv_scale.conv`, `${name}.conv_scale.bn`),
  };
}
