/** What clients and firmware are called, in settings, flags and events. */

/** The clients that can be started on a camera. */
export type ToolId = 'gphoto2' | 'chdkptp' | 'builtin';
/** The firmware's operating system; it decides the numbers of logical events. */
export type CameraOs = 'dryos' | 'vxworks';
