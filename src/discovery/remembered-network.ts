/** A Mac may leave a camera's own network, which has no internet, for a network that it remembers. */
import type { Emit } from '#contract/events.ts';

const NEXT =
	"If the Mac has gone back to a network that it remembers: turn Auto-Join off for that one (System Settings > Wi-Fi > Details) while you use the camera's, then join the camera's again.";

/** Passes events on. On macOS it adds the likely cause to warnings that an address has gone. */
export function adviceAboutRemembered(emit: Emit, platform: string): Emit {
	if (platform !== 'darwin') return emit;
	return (event) => {
		const gone = event.type === 'warning' && ['networkLost', 'addressChanged'].includes(event.code);
		emit(gone && event.next === undefined ? { ...event, next: NEXT } : event);
	};
}
