/** A session as the flow sees it: what the client tells of it, and whether its camera shows that it has left it. */
import type { Emit, Event, Learnt } from '#contract/events.ts';
import type { CameraWatch, Found } from '#discovery/watching.ts';

const WHY = 'it searches for a computer again, so it has left the session';

export class SessionWatch {
	readonly #watch: CameraWatch;
	readonly #camera: Found;
	readonly #emit: Emit;
	readonly #over = new AbortController();
	readonly #left: () => void;
	/** What the client learnt; absent before it is connected. */
	learnt: Learnt | undefined;
	/** Why the session was lost, if it was. */
	lost: string | undefined;
	/** Since when the camera has been back, in the clock's milliseconds, if that is why. */
	back: number | undefined;

	/** `left` is called once, when the session is over although the client does not know; `lost` has been told then. */
	constructor(watch: CameraWatch, camera: Found, emit: Emit, left: () => void) {
		this.#watch = watch;
		this.#camera = camera;
		this.#emit = emit;
		this.#left = left;
	}

	/** Passes on what the client tells. */
	tell(event: Event): void {
		if (event.type === 'lost') {
			if (this.lost !== undefined) return; // told once
			this.lost = event.why;
		}
		this.#emit(event);
		if (event.type !== 'connected') return;
		this.learnt = event;
		void this.#watch.leftSession(this.#camera, this.#over.signal).then((since) => {
			if (since === undefined || this.lost !== undefined) return;
			this.back = since;
			this.tell({ type: 'lost', address: this.#camera.address, why: WHY });
			this.#left();
		});
	}

	/** The client has ended. */
	close(): void {
		this.#over.abort();
	}
}
