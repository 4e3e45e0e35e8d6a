/** The processors' features that kernels are tested with: always plain SIMD, and relaxed SIMD where this Node has it. */
import { targetOf, type Target } from '../kernels/tile';
import { hasRelaxedSimd } from '../module';

export const targets: readonly (readonly [name: string, target: Target])[] = [
  ['plain SIMD', targetOf(false)],
  ...(hasRelaxedSimd() ? [['relaxed SIMD', targetOf(true)] as const] : []),
];
