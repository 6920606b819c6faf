/** The long side of a picture that shows all that an office has to see; telephones take twice that. */
export const LONG_SIDE_MAX = 2560
export const FILE_BYTES_MAX = 8 * 1024 * 1024
const QUALITY = 0.85
/** What the server takes as it is. */
const TAKEN = ['image/jpeg', 'image/png', 'image/webp']

/**
 * A picture small enough for a narrow line. What is small already, is no picture, or cannot be read here goes as it is:
 * the server says what is wrong with it.
 */
export async function smallerPicture(file: File): Promise<Blob> {
  if (!file.type.startsWith('image/')) return file
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => null)
  if (!picture) return file
  const scale = Math.min(1, LONG_SIDE_MAX / Math.max(picture.width, picture.height))
  try {
    if (scale === 1 && file.size <= FILE_BYTES_MAX && TAKEN.includes(file.type)) return file
    return (await redraw(picture, scale)) ?? file
  } finally {
    picture.close()
  }
}

function redraw(picture: ImageBitmap, scale: number): Promise<Blob | null> {
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(picture.width * scale))
  canvas.height = Math.max(1, Math.round(picture.height * scale))
  const context = canvas.getContext('2d')
  if (!context) return Promise.resolve(null)
  // A JPEG has no transparency: what shows through is paper, not black.
  context.fillStyle = '#ffffff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.imageSmoothingQuality = 'high'
  context.drawImage(picture, 0, 0, canvas.width, canvas.height)
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY))
}
