package io.sluice.rest.action;

/**
 * What an action answers.
 *
 * @param status the HTTP status code
 * @param value what is answered, as JSON; null for nothing
 * @param location path of what was made, below the root of the interface; null if nothing was
 * @param tag entity tag of what is shown; null if it has none
 */
public record Reply(int status, Object value, String location, String tag) {

    /** It is so. */
    static Reply ok(Object value) {
        return new Reply(200, value, null, null);
    }

    /** Returns the same with a tag. */
    Reply tagged(String as) {
        return new Reply(status, value, location, as);
    }

    /** Something was made. */
    static Reply created(String location, Object value) {
        return new Reply(201, value, location, null);
    }

    /** Something has begun, and goes on. */
    static Reply accepted(String location, Object value) {
        return new Reply(202, value, location, null);
    }

    /** It was done. */
    static Reply done() {
        return new Reply(204, null, null, null);
    }
}
