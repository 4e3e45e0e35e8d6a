/** One of several names: side by side where they are few and short, else the device's own picker. */
import { ChevronDown } from 'lucide-react';
import { useId } from 'react';
import type { ChoiceParam } from '../../core/params';
import { Field } from './Field';
import { optionLabel } from './optionLabel';

/** So many letters of all options together stand beside a label in the narrowest panel. */
const MOST_LETTERS = 20;

interface ChoiceFieldProps {
  spec: ChoiceParam;
  value: string;
  onChange: (value: string) => void;
  /** How an option reads. */
  labelOf?: (option: string) => string;
}

export function ChoiceField({ spec, value, onChange, labelOf = optionLabel }: ChoiceFieldProps) {
  const id = useId();
  const letters = spec.options.map(labelOf).join('').length;
  const short = spec.options.length <= 3 && letters <= MOST_LETTERS;
  if (short) {
    return (
      <Field id={id} label={spec.label} help={spec.help} group>
        <span className="flex rounded-[10px] bg-bg p-0.5">
          {spec.options.map((option) => (
            <label
              key={option}
              className="relative grid h-9 min-w-11 cursor-pointer place-items-center rounded-lg px-3 text-sm text-mute transition-[background,box-shadow] duration-150 has-checked:bg-card has-checked:font-semibold has-checked:text-ink has-checked:shadow-card has-focus-visible:outline-2 has-focus-visible:outline-accent"
            >
              <input
                type="radio"
                name={id}
                className="absolute inset-0 -my-1 cursor-pointer opacity-0"
                checked={option === value}
                onChange={() => onChange(option)}
              />
              {labelOf(option)}
            </label>
          ))}
        </span>
      </Field>
    );
  }
  return (
    <Field id={id} label={spec.label} help={spec.help}>
      <span className="relative flex min-w-0 items-center">
        <select
          id={id}
          className="h-11 max-w-full cursor-pointer text-ellipsis appearance-none rounded-[10px] border border-line bg-card py-0 pr-8 pl-3 text-sm focus:border-accent"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        >
          {spec.options.map((option) => (
            <option key={option} value={option}>
              {labelOf(option)}
            </option>
          ))}
        </select>
        <ChevronDown aria-hidden size={14} className="pointer-events-none absolute right-2.5 text-mute" />
      </span>
    </Field>
  );
}
