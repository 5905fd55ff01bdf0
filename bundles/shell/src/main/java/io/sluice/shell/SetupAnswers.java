package io.sluice.shell;

import io.sluice.config.IscsiName;
import io.sluice.config.PortalConfig;
import java.nio.file.Path;

/**
 * What somebody wants the first disk to be.
 *
 * @param portal where hosts reach it; open to all if everybody may use it
 * @param folder where its file is
 * @param disk its name
 * @param sizeBytes its capacity
 * @param iqn iSCSI name of the host that may use it; empty if everybody may
 * @param chap whether that host has to prove who it is
 */
record SetupAnswers(PortalConfig portal, Path folder, String disk, long sizeBytes, String iqn, boolean chap) {

    static final String TARGET_PREFIX = "iqn.2026-11.io.sluice:";

    boolean openToAll() {
        return iqn.isEmpty();
    }

    IscsiName target() {
        return new IscsiName(TARGET_PREFIX + disk);
    }

    String file() {
        return folder.resolve(disk + ".img").toString();
    }

    /** Returns the name by which the host is known. */
    String host() {
        return host(disk);
    }

    static String host(String disk) {
        return disk + "-host";
    }
}
