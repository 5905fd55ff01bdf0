package io.sluice.itests.badinput;

/**
 * Something that a broken or hostile peer does.
 *
 * @param number its place in the list
 * @param what in words, with the clause that says what has to come of it
 * @param attempt does it, and fails if something else comes of it
 */
record BadInput(int number, String what, Attempt attempt) {

    /** Does it once. */
    @FunctionalInterface
    interface Attempt {
        void run(World world) throws Exception;
    }

    @Override
    public String toString() {
        return number + " " + what;
    }
}
