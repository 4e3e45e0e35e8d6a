/** A single number with a stepper. */
import { useId } from 'react';
import { checkParam, type IntegerParam, type RealParam } from '../../core/params';
import { Field } from './Field';
import { numberInput, Stepper } from './Stepper';
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
        <input
          id={id}
          className={numberInput}
          style={{ width: `${Math.max(5, draft.text.length + 2)}ch` }}
          inputMode={spec.type === 'integer' ? 'numeric' : 'decimal'}
          autoComplete="off"
          enterKeyHint="done"
          value={draft.text}
          aria-invalid={draft.error !== undefined}
          aria-describedby={draft.error ? `${id}-error` : undefined}
          onChange={(event) => draft.type(event.target.value)}
          onBlur={draft.leave}
          onFocus={(event) => event.target.select()}
          onKeyDown={(event) => {
            if (event.key === 'Enter') event.currentTarget.blur();
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
