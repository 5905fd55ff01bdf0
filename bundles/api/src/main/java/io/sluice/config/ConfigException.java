package io.sluice.config;

/**
 * A request or a configuration is refused and nothing has been changed. The message is one line for the user: what was
 * wrong and what to do.
 */
public class ConfigException extends Exception {

    private static final long serialVersionUID = 1L;

    /** @param message one line for the user */
    public ConfigException(String message) {
        super(message);
    }

    /**
     * @param message one line for the user
     * @param cause the reason, for the log
     */
    public ConfigException(String message, Throwable cause) {
        super(message, cause);
    }
}
