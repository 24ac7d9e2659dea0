import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { CommandButton, Failure, submitted } from './controls.tsx';

type DialogProps = {
  readonly title: string;
  readonly children: ComponentChildren;
  readonly onClose: () => void;
  /** Escape does not close it: what it shows is shown once. */
  readonly isFirm?: boolean;
};

/** The browser's own: it holds the focus while it is open and gives it back to where it was. */
export const Dialog = ({ title, children, onClose, isFirm = false }: DialogProps) => {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const node = dialog.current;
    node?.showModal();
    // Closed before it is taken away, or the browser would not know where the focus was.
    return () => node?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        if (!isFirm) onClose();
      }}
    >
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  );
};

type FormDialogProps = {
  readonly title: string;
  readonly action: string;
  readonly kind?: 'primary' | 'danger';
  readonly children: ComponentChildren;
  readonly failure: string | undefined;
  readonly isBusy: boolean;
  readonly onSubmit: (form: HTMLFormElement) => void;
  readonly onClose: () => void;
};

/** Asks for what a command needs, and stays when the command is refused. */
export const FormDialog = (props: FormDialogProps) => {
  const { title, action, kind = 'primary', children, failure, isBusy, onSubmit, onClose } = props;
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={submitted(onSubmit)}>
        {children}
        <Failure text={failure} />
        <div class="row end">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <CommandButton submit kind={kind} isBusy={isBusy}>
            {action}
          </CommandButton>
        </div>
      </form>
    </Dialog>
  );
};
