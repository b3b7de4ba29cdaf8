/** What a file says about its image before any pixel is decoded. */
export interface Header {
  readonly format: 'png' | 'jpeg' | 'webp' | 'gif' | 'avif' | 'heic' | 'bmp' | 'tiff';
  readonly width: number;
  readonly height: number;
  /** 2 to 8 as in EXIF; absent where pixels are stored upright. Of AVIF, what its decoders leave to do. */
  readonly orientation?: number | undefined | Promise<number | undefined>;
  /** Offsets of what makes a decoder turn pixels by EXIF; without the byte there it does not (JPEG, WebP). */
  readonly exifAt?: readonly number[];
  /** How decoders turn the pixels by themselves, whatever is asked for, 1 to 8 (AVIF). */
  readonly turnedBy?: number;
  /** Four inks instead of three colours (JPEG, TIFF). */
  readonly cmyk?: boolean;
  /** Fax data (TIFF), of which words without a meaning are passed over. */
  readonly fax?: boolean;
  /** Some pixels may be transparent (WebP, AVIF). */
  readonly alpha?: boolean;
  /** More than one frame (WebP). */
  readonly animated?: boolean;
  /** From a palette or one bit a pixel (TIFF). */
  readonly indexed?: boolean;
}
