import type { ComponentChildren, TargetedEvent } from 'preact';
import { useId } from 'preact/hooks';
import { useIsWell } from '../use-command.ts';

type FieldProps = {
  readonly label: string;
  readonly name: string;
  readonly hint?: string;
  readonly type?: string;
  readonly autocomplete?: string;
  readonly required?: boolean;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly min?: string;
  readonly defaultValue?: string;
};

export const Field = ({ label, hint, name, ...input }: FieldProps) => {
  const id = useId();
  // Preact's types are a union by `type`, which a type that is passed on fits no member of.
  const attributes: Record<string, unknown> = input;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input id={id} name={name} {...(hint ? { 'aria-describedby': `${id}-hint` } : {})} {...attributes} />
      {hint && (
        <p id={`${id}-hint`} class="hint">
          {hint}
        </p>
      )}
    </div>
  );
};

type ChoiceProps = {
  readonly label: string;
  readonly name: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly value?: string;
  readonly onPick?: (value: string) => void;
};

export const Choice = ({ label, name, options, value, onPick }: ChoiceProps) => {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        name={name}
        {...(value === undefined ? {} : { value })}
        onChange={(event) => onPick?.(event.currentTarget.value)}
      >
        {options.map(([key, text]) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
};

type CommandButtonProps = {
  readonly children: ComponentChildren;
  readonly onClick?: () => void;
  /** Said to a screen reader where the text alone does not say of what. */
  readonly about?: string;
  readonly kind?: 'primary' | 'danger' | 'plain';
  readonly submit?: boolean;
  readonly isBusy?: boolean;
};

/** It stays in the order of focus while it cannot be used, so that nobody loses their place. */
export const CommandButton = (props: CommandButtonProps) => {
  const { children, onClick, about, kind = 'plain', submit = false, isBusy = false } = props;
  const isOff = !useIsWell() || isBusy;
  return (
    <button
      type={submit ? 'submit' : 'button'}
      class={kind}
      aria-disabled={isOff}
      {...(about ? { 'aria-label': `${String(children)} ${about}` } : {})}
      onClick={(event) => {
        if (isOff) event.preventDefault();
        else onClick?.();
      }}
    >
      {children}
    </button>
  );
};

export const Failure = ({ text }: { readonly text: string | undefined }) => (
  <div role="alert" class={text ? 'failure' : ''}>
    {text}
  </div>
);

/** Values of a form's fields; an empty field is the empty text. */
export const valuesOf = (form: HTMLFormElement): Record<string, string> =>
  Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()]));

/** Gives the form to `use`, and keeps the browser from sending it. */
export const submitted = (use: (form: HTMLFormElement) => void) => {
  return (event: TargetedEvent<HTMLFormElement>): void => {
    event.preventDefault();
    use(event.currentTarget);
  };
};

/** Passwords may begin and end with blanks, which `valuesOf` cuts off. */
export const secretOf = (form: HTMLFormElement, name: string): string =>
  String(new FormData(form).get(name) ?? '');
