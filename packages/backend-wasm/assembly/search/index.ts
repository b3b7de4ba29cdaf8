export { dotFloat32 } from './dot-float32';
export { dotInt8, dotInt8At } from './dot-int8';
export { dotSigns } from './dot-signs';
export { quantizeRows } from './quantize-rows';
