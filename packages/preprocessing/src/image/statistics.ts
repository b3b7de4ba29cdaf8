type Triple = readonly [red: number, green: number, blue: number];

/** Mean of CLIP's training images, `[0, 1]`; the constants of OpenAI's `clip.py`. */
export const clipMean: Triple = [0.48145466, 0.4578275, 0.40821073];

/** Standard deviation of CLIP's training images; the constants of OpenAI's `clip.py`. */
export const clipStd: Triple = [0.26862954, 0.26130258, 0.27577711];

/** Mean and deviation that spread `[0, 1]` over `[-1, 1]`: SigLIP and ViT. */
export const halves: Triple = [0.5, 0.5, 0.5];

/** Mean of ImageNet's training images, `[0, 1]`; the constants of torchvision. */
export const imageNetMean: Triple = [0.485, 0.456, 0.406];

/** Standard deviation of ImageNet's training images; the constants of torchvision. */
export const imageNetStd: Triple = [0.229, 0.224, 0.225];
