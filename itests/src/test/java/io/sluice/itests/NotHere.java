package io.sluice.itests;

import static java.util.Map.entry;

import java.util.Map;

/** Addresses, devices and backends in documents and examples that stand for those of a reader. No test machine has them. */
final class NotHere {

    private static final Map<String, String> REASONS = Map.ofEntries(
            entry("portal:create 192.0.2.1", "this machine has no such address"),
            entry("portal:create 198.51.100.1", "this machine has no such address"),
            entry(":two 1 2", "no portal is in group 2"),
            entry("--group 2", "is not reached through portal group 2"),
            entry("portal:create \"[2001:db8::1]:", "this machine has no such address"),
            entry("portal:delete 192.0.2.1:", "there is no portal"),
            entry("portal:set 192.0.2.1:", "there is no portal"),
            entry("portal:delete \"[2001:db8::1]:", "there is no portal"),
            entry("--path /dev/vg0/lv1", "/dev/vg0"),
            entry("-o keyring=/etc/ceph/iscsi.keyring", "only its owner can read"),
            entry("-o snapshot=monday", "ceph.conf, cannot be read"),
            entry("-o uri=nbd", "cannot be had"),
            entry("backstore:create skeleton", "there is no backstore type 'skeleton'"),
            entry("com.example:first --backstore first", "there is no backstore first"),
            entry(" new.json", "there is no file"),
            entry(" disk7.json", "there is no file"),
            entry("gateway:import saveconfig.json", "there is no file"),
            entry("gateway:import config.json", "there is no file"),
            entry("gateway:rollback 1234", "there is no revision 1234"),
            entry("gateway:jobs 7e3f-1", "there is no job 7e3f-1"),
            entry("gateway:job-cancel 7e3f-1", "there is no job 7e3f-1"),
            entry("gateway:history 1234", "there is no revision 1234"),
            entry("backstore:takeover disk0", "of this gateway alone"),
            entry("backstore:takeover mail", "there is no backstore mail"),
            entry("NAME --empty", "its storage keeps its data"));

    private NotHere() {}

    /** Returns whether a line can do here what it says. */
    static boolean servable(String line) {
        return REASONS.keySet().stream().noneMatch(line::contains);
    }

    /** Returns whether a line that cannot was refused for that reason. */
    static boolean refused(String line, Terminal.Outcome outcome) {
        return outcome.failed()
                && REASONS.entrySet().stream()
                        .anyMatch(reason ->
                                line.contains(reason.getKey()) && outcome.text().contains(reason.getValue()));
    }
}
