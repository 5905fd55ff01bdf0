package io.sluice.config;

/**
 * A request or a configuration is refused and nothing has been changed, or a change goes on and nobody waits for it any more. The
 * message is one line for the user: what was wrong and what to do.
 */
public class ConfigException extends Exception {

    private static final long serialVersionUID = 2L;

    /** Why it is refused, for programs. */
    public enum Kind {
        /** Something that was named is not there. */
        NOT_FOUND,
        /** It cannot be done as things are. */
        CONFLICT,
        /** A value can never be. */
        INVALID,
        /** Things are not as the caller has seen them. */
        CHANGED,
        /** It is not refused: it takes longer than the caller waits, and goes on as a job. */
        GOES_ON,
        /** Nothing is wrong with it: a bug was in the way. */
        BUG,
        /** Nothing is wrong with it: the gateway is stopping, and the next one may do it. */
        STOPPING
    }

    private final Kind kind;
    private final String missing;
    private final String job;

    /** @param message one line for the user */
    public ConfigException(String message) {
        this(Kind.CONFLICT, message);
    }

    /** @param message one line for the user */
    public ConfigException(Kind kind, String message) {
        this(kind, message, "", "");
    }

    /**
     * @param message one line for the user
     * @param cause the reason, for the log; from one of this class the kind is taken, and a value that can never be is one
     */
    public ConfigException(String message, Throwable cause) {
        super(message, cause);
        if (cause instanceof ConfigException refused) {
            kind = refused.kind;
            missing = refused.missing;
            job = refused.job;
        } else {
            kind = cause instanceof IllegalArgumentException ? Kind.INVALID : Kind.CONFLICT;
            missing = "";
            job = "";
        }
    }

    /**
     * @param message one line for the user
     * @param cause the reason, for the log; the kind is not taken from it
     */
    public ConfigException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.missing = "";
        this.job = "";
    }

    private ConfigException(Kind kind, String message, String missing, String job) {
        super(message);
        this.kind = kind;
        this.missing = missing;
        this.job = job;
    }

    /**
     * Returns the refusal of what names something that is not there.
     *
     * @param name the name that was given
     * @param message one line for the user
     */
    public static ConfigException notFound(String name, String message) {
        return new ConfigException(Kind.NOT_FOUND, message, name, "");
    }

    /**
     * Returns what tells that a change goes on.
     *
     * @param job id of the job that it is
     * @param message one line for the user
     */
    public static ConfigException goesOn(String job, String message) {
        return new ConfigException(Kind.GOES_ON, message, "", job);
    }

    /** Returns why it is refused. */
    public Kind kind() {
        return kind;
    }

    /** Returns the name of what is not there; empty if that is not the reason. */
    public String missing() {
        return missing;
    }

    /** Returns the id of the job that goes on; empty if none does. */
    public String job() {
        return job;
    }
}
