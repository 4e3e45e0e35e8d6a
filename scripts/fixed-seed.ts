/** Before each unit test file: fast-check draws the same examples on every run. */
import fc from 'fast-check';

fc.configureGlobal({ seed: 585958 });
