import type { Plugin } from 'vitest/config';

export function bundledWorkerForTests(): Plugin;
