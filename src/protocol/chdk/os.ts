/** The firmware's operating system; it decides the numbers of logical events. */
export type CameraOs = 'dryos' | 'vxworks';
