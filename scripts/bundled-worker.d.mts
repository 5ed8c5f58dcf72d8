import type { Plugin as BuildPlugin } from 'esbuild';
import type { Plugin } from 'vitest/config';

export function bundledWorkerForTests(): Plugin;
export function bundledWorker(): { plugin: BuildPlugin; inputs: readonly string[] };
