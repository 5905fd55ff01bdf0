package io.sluice.rest.http;

/**
 * Something that is the same for everybody, and known already: no worker is needed to tell it.
 *
 * @param answer what is told
 * @param atOnce whether it does not wait for its turn either
 */
record Told(Answer answer, boolean atOnce) implements Work {

    Told(Answer answer) {
        this(answer, false);
    }

    @Override
    public boolean takesDocument() {
        return false;
    }

    @Override
    public Answer run(byte[] document) {
        return answer;
    }
}
