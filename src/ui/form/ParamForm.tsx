/**
 * A form made from a parameter schema: the one way in which the app asks for values. What is out of range is refused
 * with the limit in words, and the last good value stays.
 */
import type { ParamSchema, ParamSpec, ParamValue, ParamValues } from '../../core/params';
import { BooleanField } from './BooleanField';
import { ChoiceField } from './ChoiceField';
import { NumberField } from './NumberField';
import { TupleField } from './TupleField';

interface ParamFormProps {
  schema: ParamSchema;
  values: ParamValues;
  onChange: (key: string, value: ParamValue) => void;
}

export function ParamForm({ schema, values, onChange }: ParamFormProps) {
  const shown = Object.entries(schema).filter(([, spec]) => spec.visible?.(values) ?? true);
  return (
    <div className="@min-[560px]:grid @min-[560px]:grid-cols-2 @min-[560px]:gap-x-10">
      {shown.map(([key, spec]) => (
        <ParamField key={key} spec={spec} value={values[key]!} onChange={(value) => onChange(key, value)} />
      ))}
    </div>
  );
}

function ParamField(props: { spec: ParamSpec; value: ParamValue; onChange: (value: ParamValue) => void }) {
  const { spec, value, onChange } = props;
  switch (spec.type) {
    case 'integer':
    case 'real':
      return <NumberField spec={spec} value={value as number} onChange={onChange} />;
    case 'tuple':
      return <TupleField spec={spec} value={value as readonly number[]} onChange={onChange} />;
    case 'choice':
      return <ChoiceField spec={spec} value={value as string} onChange={onChange} />;
    case 'boolean':
      return <BooleanField spec={spec} value={value as boolean} onChange={onChange} />;
    default:
      return spec satisfies never;
  }
}
