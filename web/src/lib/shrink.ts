// Photos of phones are large; what must be read on them is not. They are drawn smaller and kept as JPEG before they are
// sent, which also leaves behind where and with what they were taken.

/** The longest side of a picture that is sent, pixels. */
export const LONGEST_PX = 1600;
/** The largest picture that the server takes. */
export const LARGEST_BYTES = 512 * 1024;
const QUALITIES = [0.85, 0.7, 0.5];
const SMALLER = 0.7;
const SMALLEST_PX = 400;

/** A size with the same shape whose longest side is at most `longest`. Never larger than it was. */
export function fitted(width: number, height: number, longest: number): { width: number; height: number } {
  const share = Math.min(1, longest / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * share)), height: Math.max(1, Math.round(height * share)) };
}

/** The picture in a file as a JPEG that the server takes. Throws where the file is no picture. */
export async function shrink(file: Blob): Promise<Blob> {
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
  try {
    for (let longest = LONGEST_PX; longest >= SMALLEST_PX; longest *= SMALLER) {
      const canvas = drawn(bitmap, longest);
      for (const quality of QUALITIES) {
        const blob = await jpeg(canvas, quality);
        if (blob.size <= LARGEST_BYTES) return blob;
      }
    }
    throw new Error('the picture stays too large');
  } finally {
    bitmap.close();
  }
}

function drawn(bitmap: ImageBitmap, longest: number): HTMLCanvasElement {
  const { width, height } = fitted(bitmap.width, bitmap.height, Math.round(longest));
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d');
  if (!context) throw new Error('nothing can be drawn here');
  // A JPEG knows no transparency, and black letters on nothing would be black on black.
  context.fillStyle = 'white';
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  return canvas;
}

function jpeg(canvas: HTMLCanvasElement, quality: number): Promise<Blob> {
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no JPEG can be made here'))), 'image/jpeg', quality));
}
