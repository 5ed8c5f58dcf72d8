import { defineConfig } from 'vitest/config';
import { bundledWorkerForTests } from './scripts/bundled-worker.mjs';
import { ClosingLine } from './test/support/closing-line.ts';

export default defineConfig({
	plugins: [bundledWorkerForTests()],
	test: {
		include: ['test/**/*.test.ts'],
		reporters: ['default', new ClosingLine()],
		// Most tests spend most of their time waiting: more than two of them fit on two cores.
		maxWorkers: 3,
		testTimeout: 30_000,
		hookTimeout: 60_000,
	},
});
