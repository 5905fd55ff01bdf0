package io.sluice.shell.secret;

import java.io.IOException;
import java.util.function.Function;
import org.apache.karaf.shell.api.console.Session;
import org.jline.reader.EndOfFileException;
import org.jline.reader.UserInterruptException;

/** Asks somebody at a terminal for what a line does not say; an answer that does not do is asked for again. */
public final class Questions {

    /** Who does not come up with an answer has something else before him. */
    private static final int MOST = 5;

    private final Session session;

    /**
     * Returns those that are asked where a line was typed.
     *
     * @param instead what somebody may do who has no terminal
     * @throws IllegalArgumentException if nobody can be asked; the message is for the user
     */
    public static Questions at(Session session, String instead) {
        if (session.getTerminal() == null) {
            throw new IllegalArgumentException("nobody can be asked where there is no terminal: " + instead);
        }
        return new Questions(session);
    }

    /** Asks nobody: all is as usual. */
    public static Questions answered() {
        return new Questions(null);
    }

    /** Returns whether somebody is asked. */
    public boolean asked() {
        return session != null;
    }

    private Questions(Session session) {
        this.session = session;
    }

    /**
     * Asks a question.
     *
     * @param usual what ENTER alone means; empty if there is nothing usual
     * @param reading reads the answer; an {@link IllegalArgumentException} says in one line what is wrong with it
     * @throws IllegalArgumentException if the question was left by Ctrl-C, or answered wrong again and again
     */
    public <T> T ask(String question, String usual, Function<String, T> reading) {
        if (session == null) {
            return reading.apply(usual);
        }
        for (int i = 0; i < MOST; i++) {
            String answer = line(question + (usual.isEmpty() ? ": " : " [" + usual + "]: "));
            try {
                return reading.apply(answer.isEmpty() ? usual : answer);
            } catch (IllegalArgumentException wrong) {
                System.out.println(wrong.getMessage().replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?"));
            }
        }
        throw new IllegalArgumentException("that was no answer: nothing has changed");
    }

    private String line(String prompt) {
        try {
            String line = session.readLine(prompt, null);
            return line == null ? "" : line.strip();
        } catch (UserInterruptException | EndOfFileException | IOException left) {
            throw new IllegalArgumentException("the questions were left: nothing has changed", left);
        }
    }
}
