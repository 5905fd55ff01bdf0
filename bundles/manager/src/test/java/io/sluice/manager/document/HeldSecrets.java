package io.sluice.manager.document;

import java.nio.file.Path;

/** Secrets on a disk that a test holds up. */
public final class HeldSecrets {

    private HeldSecrets() {}

    /** @param before is there before each call that looks at something */
    public static SecretFiles in(Path folder, Runnable before) {
        return new SecretFiles(folder, new ForwardedFiles() {
            @Override
            void before(Path path) {
                before.run();
            }
        });
    }
}
