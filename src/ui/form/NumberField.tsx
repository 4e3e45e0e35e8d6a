/** A single number with a stepper. */
import { useId } from 'react';
import { checkParam, type IntegerParam, type RealParam } from '../../core/params';
import { Field } from './Field';
import { NumberInput } from './NumberInput';
import { Stepper } from './Stepper';
import { stepFrom } from './steps';
import { useDraft } from './useDraft';

interface NumberFieldProps {
  spec: IntegerParam | RealParam;
  value: number;
  onChange: (value: number) => void;
}

export function NumberField({ spec, value, onChange }: NumberFieldProps) {
  const id = useId();
  const draft = useDraft(value, (next) => checkParam(spec, next), onChange);
  const step = (direction: 1 | -1) => {
    const next = stepFrom(value, direction, spec);
    return next === undefined ? undefined : () => draft.set(next);
  };
  return (
    <Field id={id} label={spec.label} help={spec.help} error={draft.error}>
      <Stepper label={spec.label} onDecrease={step(-1)} onIncrease={step(1)}>
        <NumberInput
          id={id}
          draft={draft}
          errorId={`${id}-error`}
          room={{ least: 5, more: 2 }}
          inputMode={spec.type === 'integer' ? 'numeric' : 'decimal'}
          onKeyDown={(event) => {
            const direction = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
            if (direction === 0) return;
            event.preventDefault();
            step(direction)?.();
          }}
        />
      </Stepper>
    </Field>
  );
}
