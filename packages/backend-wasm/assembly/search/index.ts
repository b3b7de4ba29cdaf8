export { dotFloat32 } from './dot-float32';
export { dotInt8 } from './dot-int8';
export { dotSigns } from './dot-signs';
