/** Operating system of the camera's firmware. Logical events have different numbers in each. */
export type CameraOs = 'dryos' | 'vxworks';
