/** A larger picture is made smaller before it is sent. */
const LARGE = 1.5 * 1024 * 1024;
const EDGE = 1920;

/**
 * Pictures of a paste or a drop, and other files of a drop.
 *
 * @param {DataTransfer} transfer
 * @returns {File[]}
 */
export function filesOf(transfer) {
    return transfer ? [...transfer.files] : [];
}

/**
 * The content of a file in base64; photos of a phone are made smaller first.
 *
 * @param {File} file
 * @returns {Promise<string>}
 */
export async function readFile(file) {
    const blob = file.size > LARGE ? await shrink(file) : file;
    const url = await new Promise((resolve, reject) => {
        const reader = new FileReader();
        reader.onload = () => resolve(reader.result);
        reader.onerror = () => reject(reader.error);
        reader.readAsDataURL(blob);
    });
    return url.slice(url.indexOf(",") + 1);
}

/** A picture no browser can read is sent as it is. */
async function shrink(file) {
    if (!file.type.startsWith("image/")) {
        return file;
    }
    let picture;
    try {
        picture = await createImageBitmap(file);
    } catch {
        return file;
    }
    const scale = Math.min(1, EDGE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    return new Promise((resolve) => {
        canvas.toBlob((blob) => resolve(blob || file), "image/jpeg", 0.85);
    });
}
