/** The card of a camera without --media: a few real pictures, made when they are needed. */
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { temporaryFolderError } from '#base/temporary.ts';
import { type CameraTime, toLocalDate } from '#protocol/ptp/dates.ts';
import { exifSegment } from './picture/exif.ts';
import { encodeJpeg, type Picture, type Rgb } from './picture/jpeg-encoder.ts';
import { sweep } from './unfinished.ts';

/** Beginning of the name of the temporary folder; the process id follows. */
const PREFIX = 'canon-wifi-card-';

const WIDTH = 640;
const HEIGHT = 480;
const THUMBNAIL_SCALE = 4;

interface Scene {
	name: string;
	taken: CameraTime;
	sky: Rgb;
	sea: Rgb;
	/** Position of the sun, in fractions of width and height. */
	sun: readonly [number, number];
}

const at = (day: number, hour: number, minute: number): CameraTime => ({ year: 2024, month: 6, day, hour, minute, second: 7 });
const scenes: readonly Scene[] = [
	{ name: 'IMG_0001.JPG', taken: at(21, 5, 12), sky: [240, 150, 110], sea: [70, 60, 110], sun: [0.25, 0.55] },
	{ name: 'IMG_0002.JPG', taken: at(21, 12, 30), sky: [90, 160, 235], sea: [20, 90, 160], sun: [0.5, 0.15] },
	{ name: 'IMG_0003.JPG', taken: at(22, 20, 48), sky: [60, 40, 100], sea: [15, 20, 60], sun: [0.75, 0.6] },
];

/** Paints sky, sun and sea. `scale` is how many pixels of the full picture become one. */
function paint({ sky, sea, sun }: Scene, scale: number): Picture {
	const horizon = HEIGHT * 0.65;
	return {
		width: WIDTH / scale,
		height: HEIGHT / scale,
		colourAt(x, y) {
			const [px, py] = [x * scale, y * scale];
			const [dx, dy] = [px - sun[0] * WIDTH, py - sun[1] * HEIGHT];
			const glow = Math.max(0, 1 - Math.hypot(dx, dy) / 160) ** 2;
			const wave = py > horizon ? 12 * Math.sin(px / 9 + py * py * 0.004) : 0;
			const base = py > horizon ? sea : sky;
			const shade = py > horizon ? 1 - (py - horizon) / HEIGHT : 0.75 + (0.25 * py) / horizon;
			const mix = (value: number): number => Math.max(0, Math.min(255, value * shade + wave + glow * (255 - value * shade)));
			return [mix(base[0]), mix(base[1]), mix(base[2])];
		},
	};
}

function shoot(scene: Scene, make: string, model: string): Uint8Array {
	const thumbnail = encodeJpeg(paint(scene, THUMBNAIL_SCALE));
	return encodeJpeg(paint(scene, 1), exifSegment({ make, model, taken: scene.taken, width: WIDTH, height: HEIGHT, thumbnail }));
}

async function fill(folder: string, make: string, model: string): Promise<void> {
	await mkdir(folder, { recursive: true });
	for (const scene of scenes) {
		const file = join(folder, scene.name);
		await writeFile(file, shoot(scene, make, model));
		const taken = toLocalDate(scene.taken);
		// If times cannot be set, the files are new, but the date in their EXIF is still right.
		await utimes(file, taken, taken).catch(() => {});
	}
}

/** Makes a card in a temporary folder, with pictures by this camera. `remove` deletes it. Rejects with `noTemporaryFolder`. */
export async function builtInCard(make: string, model: string): Promise<{ root: string; remove(): Promise<void> }> {
	await sweep(tmpdir(), PREFIX);
	const trouble = (error: unknown): never => {
		throw temporaryFolderError(tmpdir(), error);
	};
	const root = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`)).catch(trouble);
	// Deletes the card however this process ends. If it is killed, the next run does.
	const atExit = (): void => rmSync(root, { recursive: true, force: true });
	process.once('exit', atExit);
	await fill(join(root, 'DCIM', '100CANON'), make, model).catch(trouble);
	return {
		root,
		remove: async () => {
			process.off('exit', atExit);
			await rm(root, { recursive: true, force: true });
		},
	};
}
