/** The last line of a test run, in words that any CI can read: `N passed, N failed, N skipped`. */
import type { Reporter, TestModule } from 'vitest/node';

export class ClosingLine implements Reporter {
	onTestRunEnd(modules: readonly TestModule[]): void {
		const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 };
		for (const module of modules) {
			// A file that does not even load holds no test that could fail.
			if (!module.ok() && module.children.size === 0) counts.failed++;
			for (const test of module.children.allTests()) counts[test.result().state]++;
		}
		process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
	}
}
