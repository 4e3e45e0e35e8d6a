import type { Config } from 'tailwindcss';

/** Colours are CSS variables, so that light and dark are one switch in `src/ui/theme.css`. */
const color = (name: string): string => `var(--${name})`;
const named = (...names: string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, color(name)]));

export default {
  content: ['./index.html', './src/**/*.{ts,tsx}'],
  theme: {
    extend: {
      colors: {
        ...named('bg', 'dot', 'card', 'line', 'ink', 'mute', 'faint', 'accent', 'accent-ink', 'soft', 'edge'),
        ...named('good', 'bad', 'bad-soft', 'warn', 'warn-soft'),
        ...named(
          'input',
          'convolution',
          'pooling',
          'dense',
          'shape',
          'regularization',
          'activation',
          'merge',
        ),
      },
      fontSize: {
        '2xs': ['11px', '14px'],
        xs: ['12px', '16px'],
        sm: ['13px', '18px'],
        base: ['14px', '19px'],
        lg: ['15px', '20px'],
        xl: ['20px', '26px'],
        '2xl': ['26px', '30px'],
      },
      boxShadow: { card: 'var(--shadow)', float: 'var(--shadow-float)' },
      borderRadius: { card: '14px' },
      screens: { wide: '1000px', medium: '600px' },
    },
  },
} satisfies Config;
