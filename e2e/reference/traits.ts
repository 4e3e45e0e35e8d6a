/**
 * Names what is special about a layer of a file, so that a proof over many files can tell what it has seen. Judges nothing.
 */
import type { Layer, Pooling } from './types';

/** The kind of a layer or the function of an activation, with its modes; of layers with windows, how they slide and pad. */
export function traitsOf({ body }: Layer): string[] {
  if (body.kind === 'activation') return [body.activation.name];
  if (body.kind === 'upsample') return [`upsample ${body.mode} ${body.linearMode}`];
  if (body.kind === 'flatten' || body.kind === 'reshape') return [`${body.kind} ${body.mode}`];
  if (body.kind !== 'convolution' && body.kind !== 'pooling') return [body.kind];
  const padding = `${body.kind} ${paddingTrait(body.padding)}`;
  const strided = body.stride.some((stride) => stride > 1) ? [`${padding} strided`] : [];
  if (body.kind === 'pooling') return [padding, ...strided, `pooling ${body.type}`];
  const wide = body.dilation.some((rate) => rate > 1) ? [`${padding} dilated`] : [];
  return [padding, ...strided, ...wide, ...(body.groups > 1 ? ['groups'] : [])];
}

/** The four ways of padding. */
function paddingTrait(padding: Pooling['padding']): string | undefined {
  if (padding?.mode === 'same') return padding.asymmetry === 1 ? 'sameLower' : 'same';
  if (padding?.mode !== 'valid') return padding?.mode;
  return padding.amounts.some(({ start, end }) => start + end > 0) ? 'explicit' : 'valid';
}
