package io.sluice.manager.document;

import io.sluice.config.BackstoreConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What keeps disks apart. An entry that was copied by hand brings an identity along that is somebody else's. */
final class Identities {

    private Identities() {}

    /**
     * Two disks of one identity are paths to the same disk for an initiator, which then writes to either.
     *
     * @throws IllegalArgumentException if there are two; the message is fit for a user
     */
    static void refuseDuplicates(List<BackstoreConfig> backstores) {
        Map<String, String> owners = new HashMap<>();
        for (BackstoreConfig backstore : backstores) {
            for (String mark : List.of(
                    "NAA " + backstore.identity().naa(),
                    "serial number " + backstore.identity().serial())) {
                String owner = owners.putIfAbsent(mark, backstore.name());
                if (owner != null && !owner.equals(backstore.name())) {
                    throw new IllegalArgumentException("backstores " + owner + " and " + backstore.name()
                            + " have the same " + mark + ": leave the identity out of the new one");
                }
            }
        }
    }
}
