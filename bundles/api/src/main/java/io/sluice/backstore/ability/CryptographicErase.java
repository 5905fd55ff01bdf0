package io.sluice.backstore.ability;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/** The blocks are encrypted, and become unreadable for ever with their key (SANITIZE with CRYPTOGRAPHIC ERASE, SBC-4 4.11). */
@ConsumerType
public interface CryptographicErase {

    /**
     * Destroys the key of the data and goes on with a new one. Blocks then have any content, until they are written or unmapped.
     * While a disk is moved, a second store of the same name has its key and gets its blocks: it goes on with the new one too.
     *
     * @return completes when the old key is gone from where it was kept. After a failure, a power loss included, the old key or
     *     the new one counts.
     */
    CompletionStage<Void> eraseKey();
}
