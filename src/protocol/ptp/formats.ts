/** Object formats: ISO 15740 (0x3xxx) and Canon's own (0xBxxx). */
export const FORMAT = {
	undefined: 0x3000,
	/** A folder. */
	association: 0x3001,
	script: 0x3002,
	text: 0x3004,
	dpof: 0x3006,
	wav: 0x3008,
	mp3: 0x3009,
	avi: 0x300a,
	mpeg: 0x300b,
	exifJpeg: 0x3801,
	tiff: 0x380d,
	png: 0x380b,

	canonCrw: 0xb101,
	canonCr2: 0xb103,
	canonMov: 0xb104,
	canonMov2: 0xb105,
	canonCr3: 0xb108,
	chdkRaw: 0xb1ff,
	mp4: 0xb982,
} as const;

/** `associationType` of an ordinary folder; it is 0 for files. */
export const GENERIC_FOLDER = 1;

const byExtension: Readonly<Record<string, number>> = {
	jpg: FORMAT.exifJpeg,
	jpeg: FORMAT.exifJpeg,
	jpe: FORMAT.exifJpeg,
	thm: FORMAT.exifJpeg,
	crw: FORMAT.canonCrw,
	cr2: FORMAT.canonCr2,
	cr3: FORMAT.canonCr3,
	mov: FORMAT.canonMov,
	mp4: FORMAT.mp4,
	avi: FORMAT.avi,
	wav: FORMAT.wav,
	mrk: FORMAT.dpof,
	lua: FORMAT.script,
	bas: FORMAT.script,
	txt: FORMAT.text,
	tif: FORMAT.tiff,
	tiff: FORMAT.tiff,
	png: FORMAT.png,
};

/** Returns the format code that a camera gives a file, judged by its extension; 0x3000 ("undefined") if it is unknown. */
export function formatOfName(name: string): number {
	const dot = name.lastIndexOf('.');
	const extension = dot < 0 ? '' : name.slice(dot + 1).toLowerCase();
	return Object.hasOwn(byExtension, extension) ? (byExtension[extension] ?? FORMAT.undefined) : FORMAT.undefined;
}
