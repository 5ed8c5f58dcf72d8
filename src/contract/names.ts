/** What clients and firmware are called, in settings, flags and events, and for people. */

import type { CameraOs } from '#protocol/chdk/os.ts';

/** The clients that can be started on a camera; those that are programs of their own come first. */
export const TOOLS = ['gphoto2', 'chdkptp', 'builtin'] as const;
export type ToolId = (typeof TOOLS)[number];
export const TOOL_NAMES: Readonly<Record<ToolId, string>> = { gphoto2: 'gphoto2', chdkptp: 'chdkptp', builtin: 'the built-in client' };

export const OS_NAMES: Readonly<Record<CameraOs, string>> = { dryos: 'DryOS', vxworks: 'VxWorks' };
