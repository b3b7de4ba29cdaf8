/** Decoded pixels, 8 bits a sample. */
export interface Image {
  /** Row-major `[height, width, channels]`. */
  readonly data: Uint8Array;
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
  /** 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha. Alpha is straight: colour is not multiplied by it. */
  readonly channels: 1 | 2 | 3 | 4;
  /** From a palette or one bit a pixel. Pillow resizes such an image by nearest neighbour, whatever the filter. */
  readonly indexed?: boolean;
}

/** A rectangle of pixels; `left` and `top` may lie outside the image. */
export interface Window {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}
