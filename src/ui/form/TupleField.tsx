/**
 * Several whole numbers that belong together. Two, such as a kernel's height and width, have a stepper that moves both;
 * more of them stand side by side, each with its name below it.
 */
import { Fragment, useId } from 'react';
import { checkParam, type TupleParam } from '../../core/params';
import { Field } from './Field';
import { NumberInput } from './NumberInput';
import { Stepper } from './Stepper';
import { useDraft } from './useDraft';

interface TupleFieldProps {
  spec: TupleParam;
  value: readonly number[];
  onChange: (value: readonly number[]) => void;
}

export function TupleField({ spec, value, onChange }: TupleFieldProps) {
  const id = useId();
  const drafts = [
    useTuplePart(spec, value, 0, onChange),
    useTuplePart(spec, value, 1, onChange),
    useTuplePart(spec, value, 2, onChange),
    useTuplePart(spec, value, 3, onChange),
  ].slice(0, spec.parts.length);
  const error = drafts.find((draft) => draft.error)?.error;
  const all = (direction: 1 | -1) => {
    const next = value.map((n) => n + direction);
    return next.every((n) => n >= spec.min && n <= spec.max) ? () => onChange(next) : undefined;
  };
  const inputs = drafts.map((draft, i) => (
    <NumberInput
      key={spec.parts[i]}
      draft={draft}
      errorId={`${id}-error`}
      room={{ least: 3, more: 1 }}
      aria-label={`${spec.label} ${spec.parts[i]}`}
      inputMode="numeric"
    />
  ));
  return (
    <Field id={id} label={spec.label} help={spec.help} error={error} group>
      {spec.parts.length > 2 ? (
        <span className="flex divide-x divide-line rounded-[10px] border border-line bg-card focus-within:border-accent">
          {inputs.map((input, i) => (
            <label key={spec.parts[i]} className="flex h-12 min-w-11 flex-col items-center px-1 pb-1">
              {input}
              <span aria-hidden className="text-[10px] leading-3 text-faint">
                {spec.parts[i]}
              </span>
            </label>
          ))}
        </span>
      ) : (
        <Stepper label={spec.label} onDecrease={all(-1)} onIncrease={all(1)}>
          {inputs.map((input, i) => (
            <Fragment key={spec.parts[i]}>
              {i > 0 && (
                <span aria-hidden className="text-faint">
                  ×
                </span>
              )}
              {input}
            </Fragment>
          ))}
        </Stepper>
      )}
    </Field>
  );
}

function useTuplePart(
  spec: TupleParam,
  value: readonly number[],
  part: number,
  onChange: (value: readonly number[]) => void,
) {
  const replaced = (next: number): readonly number[] => value.map((n, i) => (i === part ? next : n));
  return useDraft(
    value[part] ?? spec.min,
    (next) => checkParam(spec, replaced(next)),
    (next) => onChange(replaced(next)),
  );
}
