package io.sluice.iscsi.login;

import java.net.InetAddress;

/**
 * Who says that he is somebody, before he has proven it.
 *
 * @param address {@link Origin where he comes from}
 * @param initiator the name that he gives, or nothing
 */
record Claimant(String address, String initiator) {

    static Claimant of(InetAddress remote, String initiator) {
        return new Claimant(Origin.of(remote), initiator == null ? "" : initiator);
    }
}
