package io.sluice.manager.volume;

/** A disk cannot be opened because a bundle for it is not there. */
public final class MissingPartException extends Exception {

    private static final long serialVersionUID = 1L;

    private MissingPartException(String message) {
        super(message, null, false, false);
    }

    /** @param type of the storage that nobody offers */
    static MissingPartException store(String type) {
        return new MissingPartException("the bundle for type " + type + " is not installed or not started:"
                + " feature:install sluice-backstore-" + type + ", bundle:start or its jar in deploy/ brings it back");
    }

    /** @param type of the layer that nobody offers */
    static MissingPartException layer(String type) {
        return new MissingPartException("the bundle for layer " + type + " is not installed");
    }
}
