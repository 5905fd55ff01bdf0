import type { JSX } from 'preact';
import { get, mayTakeToken, Refused, setToken } from './api.ts';
import { Field, Form } from './widgets.tsx';

/** Asks for a token. */
export function Login({ line, done }: { line: string; done: () => void }): JSX.Element {
  if (!mayTakeToken(location.protocol, location.hostname)) {
    return (
      <main class="login">
        <h1 tabIndex={-1}>Sluice</h1>
        <p class="problem" role="alert">
          This page came over plain HTTP from another machine, and a token could be read on the way. Set a certificate in etc/io.sluice.rest.cfg and come by https.
        </p>
      </main>
    );
  }
  return (
    <main class="login">
      <h1 tabIndex={-1}>Sluice</h1>
      {line && (
        <p class="problem" role="alert">
          {line}
        </p>
      )}
      <Form
        action="Log in"
        submit={async (entries) => {
          const given = entries.text('token');
          if (!/^[\x21-\x7e]+$/.test(given)) {
            throw new Refused(0, 'Paste the token that token:create has printed.', 'token');
          }
          setToken(given);
          try {
            await get('/gateway');
          } catch (failed) {
            setToken('');
            throw failed instanceof Refused ? new Refused(failed.status, failed.message, 'token') : failed;
          }
          done();
        }}
      >
        <Field name="token" label="Token" type="password" hint="At the console, token:create NAME --role admin makes one. It is kept until this tab is closed." required />
      </Form>
    </main>
  );
}
