package io.sluice.manager.advice;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** What is looked at in a session: one row each, with the line to change on Linux, ESXi, Windows and QEMU. */
enum AdviceRule {
    // spotless:off
    ONE_PATH("one-path",
            patient -> patient.addresses() > 1 && patient.paths() == 1
                    ? "it has one path to its disks, though the gateway listens on " + patient.addresses() + " addresses: when"
                            + " that path is lost, I/O stops" : null,
            "iscsiadm -m discovery -t st -p SECOND_ADDRESS && iscsiadm -m node --login; then multipath -ll shows two paths",
            "esxcli iscsi adapter discovery sendtarget add -A vmhbaNN -a SECOND_ADDRESS; then rescan",
            "New-IscsiTargetPortal -TargetPortalAddress SECOND_ADDRESS; Connect-IscsiTarget -IsMultipathEnabled $true",
            "QEMU has no multipath of its own: attach a disk of dm-multipath of its host"),
    HEADER_DIGEST("header-digest",
            patient -> patient.has("HeaderDigest", "CRC32C")
                    ? "header digests are on: each PDU costs both sides a checksum, which TCP over Ethernet seldom needs" : null,
            "node.conn[0].iscsi.HeaderDigest = None in /etc/iscsi/iscsid.conf, and log in anew",
            "esxcli iscsi adapter param set -A vmhbaNN -k HeaderDigest -v prohibited",
            "in iscsicpl, Advanced Settings of the connection: clear Header digest",
            "header-digest=none in the -iscsi options"),
    DATA_DIGEST("data-digest",
            patient -> patient.has("DataDigest", "CRC32C")
                    ? "data digests are on: each byte is looked at once more on both sides, and reads cannot be sent straight"
                            + " from a file" : null,
            "node.conn[0].iscsi.DataDigest = None in /etc/iscsi/iscsid.conf, and log in anew",
            "esxcli iscsi adapter param set -A vmhbaNN -k DataDigest -v prohibited",
            "in iscsicpl, Advanced Settings of the connection: clear Data digest",
            "QEMU does not ask for it"),
    FIRST_BURST("first-burst",
            patient -> patient.number("FirstBurstLength") < Limits.SMALL_BURST
                    ? "FirstBurstLength is " + patient.number("FirstBurstLength") + ": writes that are longer wait for a round"
                            + " trip more" : null,
            "node.session.iscsi.FirstBurstLength = 262144 in /etc/iscsi/iscsid.conf, and log in anew",
            "esxcli iscsi adapter param set -A vmhbaNN -k FirstBurstLength -v 262144",
            "FirstBurstLength = 262144 under the Parameters key of the iSCSI initiator in the registry, and restart",
            "QEMU asks for 262144: nothing to change there"),
    IMMEDIATE_DATA("immediate-data",
            patient -> patient.has("ImmediateData", "No")
                    ? "ImmediateData is off: no write brings its data along, so that each takes a round trip more" : null,
            "node.session.iscsi.ImmediateData = Yes in /etc/iscsi/iscsid.conf, and log in anew",
            "esxcli iscsi adapter param set -A vmhbaNN -k ImmediateData -v true",
            "ImmediateData = 1 under the Parameters key of the iSCSI initiator in the registry, and restart",
            "QEMU asks for it: nothing to change there"),
    SEGMENT("segment",
            patient -> patient.number("MaxRecvDataSegmentLength") < Limits.SMALL_BURST
                    ? "it takes " + patient.number("MaxRecvDataSegmentLength") + " bytes in a PDU: long reads come in many"
                            + " pieces" : null,
            "node.conn[0].iscsi.MaxRecvDataSegmentLength = 262144 in /etc/iscsi/iscsid.conf, and log in anew",
            "esxcli iscsi adapter param set -A vmhbaNN -k MaxRecvDataSegment -v 262144",
            "MaxRecvDataSegmentLength = 262144 under the Parameters key of the iSCSI initiator in the registry, and restart",
            "QEMU takes 262144: nothing to change there"),
    OUTSTANDING_R2T("outstanding-r2t",
            patient -> patient.number("MaxOutstandingR2T") == 1
                            && patient.number("MaxBurstLength") < Limits.SMALL_MAX_BURST
                    ? "MaxOutstandingR2T is 1 and MaxBurstLength " + patient.number("MaxBurstLength") + ": a long write waits"
                            + " for a round trip after each piece" : null,
            "node.session.iscsi.MaxOutstandingR2T = 8 and MaxBurstLength = 1048576 in /etc/iscsi/iscsid.conf, and log in anew",
            "esxcli iscsi adapter param set -A vmhbaNN -k MaxOutstandingR2T -v 8",
            "MaxBurstLength = 1048576 under the Parameters key of the iSCSI initiator in the registry, and restart",
            "QEMU agrees to what the gateway offers: nothing to change there"),
    QUEUE_DEPTH("queue-depth",
            patient -> patient.session().commands() >= Limits.ENOUGH && patient.habits().mostCommands() == 1
                    ? "it has never had more than one command under way: each waits for the one before, and the way there"
                            + " and back is paid each time" : null,
            "cat /sys/block/sdX/device/queue_depth; node.session.queue_depth = 32 in /etc/iscsi/iscsid.conf; or use more I/O at a"
                    + " time (fio --iodepth=32)",
            "esxcli storage core device set -d naa.ID -m 32, and esxcli storage core device set -d naa.ID -O 32",
            "use programs that have more I/O under way (diskspd -o32)",
            "iothread= and aio=io_uring for the disk, and more I/O at a time in the guest"),
    ALIGNMENT("alignment",
            patient -> patient.habits().transfers() >= Limits.ENOUGH
                            && patient.habits().odd() > patient.habits().transfers() / 2
                            && patient.disks().stream().anyMatch(disk -> disk.blockSize() == 512
                                    && disk.physicalBlockSize() == 4096)
                    ? patient.habits().odd() * 100 / patient.habits().transfers() + " % of its reads and writes do not begin"
                            + " and end at 4 KiB: partitions are misaligned, and each write costs a read" : null,
            "parted /dev/sdX align-check optimal 1; make partitions at multiples of 1 MiB",
            "VMFS aligns by itself; in the guest make partitions at multiples of 1 MiB",
            "Get-Partition | Select Offset; make partitions at multiples of 1 MiB, and format with clusters of 4 KiB",
            "in the guest make partitions at multiples of 1 MiB; logical_block_size=4096 where it takes that"),
    PINGS_TOO_OFTEN("pings-too-often",
            patient -> patient.age().compareTo(Limits.LONG_ENOUGH) > 0
                            && patient.habits().pings() > patient.age().toSeconds() / Limits.SHORT_INTERVAL_SECONDS
                    ? "it pings more often than every " + Limits.SHORT_INTERVAL_SECONDS + " s: a moment's delay may cost it the"
                            + " connection" : null,
            "node.conn[0].timeo.noop_out_interval = 5 and noop_out_timeout = 15 in /etc/iscsi/iscsid.conf, and log in anew",
            "esxcli iscsi adapter param set -A vmhbaNN -k NoopOutInterval -v 15; the same with NoopOutTimeout -v 10",
            "EnableNOPOut is 0 or 1 there; the interval is fixed",
            "QEMU pings every 5 s: nothing to change there"),
    NO_PINGS("no-pings",
            patient -> patient.age().compareTo(Limits.VERY_LONG) > 0 && patient.habits().pings() == 0
                    ? "it never asks whether the gateway is there: a path that is lost is noticed only when a command times"
                            + " out" : null,
            "node.conn[0].timeo.noop_out_interval = 5 and noop_out_timeout = 15 in /etc/iscsi/iscsid.conf, and log in anew",
            "esxcli iscsi adapter param set -A vmhbaNN -k NoopOutInterval -v 15; the same with NoopOutTimeout -v 10",
            "EnableNOPOut = 1 under the Parameters key of the iSCSI initiator in the registry, and restart",
            "QEMU pings every 5 s: nothing to change there"),
    WRITE_THROUGH("write-through",
            patient -> patient.session().rates().writtenBytes() > 0
                            && patient.disks().stream().anyMatch(disk -> disk.writeThrough())
                    ? "a disk of its target is written through: each write waits for stable storage, whatever the host asks"
                            + " for" : null,
            "nothing to change on the host: the option write-through of the backstore says so",
            "nothing to change on the host: the option write-through of the backstore says so",
            "nothing to change on the host: the option write-through of the backstore says so",
            "nothing to change on the host: the option write-through of the backstore says so"),
    ONE_CONNECTION("one-connection",
            patient -> patient.session().connections().size() == 1 && patient.paths() == 1
                            && patient.session().rates().readBytes() + patient.session().rates().writtenBytes()
                                    > Limits.MUCH_PER_SECOND
                    ? "one connection carries more than 800 MB a second, all of it on one processor of the gateway: a second"
                            + " session would use another one" : null,
            "node.session.nr_sessions = 2 in /etc/iscsi/iscsid.conf, and log in anew; multipath with path_selector \"queue-length 0\"",
            "bind a second vmkernel port to the adapter; esxcli storage nmp satp rule: VMW_PSP_RR with iops=1",
            "Connect-IscsiTarget once more with -IsMultipathEnabled $true, or add a connection in MCS",
            "give each disk a target of its own");
    // spotless:on

    /** From where on something hurts. */
    private static final class Limits {
        private static final int SMALL_BURST = 64 << 10;
        private static final int SMALL_MAX_BURST = 1 << 20;
        private static final long ENOUGH = 1000;
        private static final long SHORT_INTERVAL_SECONDS = 2;
        private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);
        private static final Duration VERY_LONG = Duration.ofMinutes(5);
        private static final long MUCH_PER_SECOND = 800_000_000;
    }

    private final String label;
    private final Function<Patient, String> finding;
    private final Map<String, String> remedies = new LinkedHashMap<>();

    AdviceRule(
            String label, Function<Patient, String> finding, String linux, String esxi, String windows, String qemu) {
        this.label = label;
        this.finding = finding;
        remedies.put("linux", linux);
        remedies.put("esxi", esxi);
        remedies.put("windows", windows);
        remedies.put("qemu", qemu);
    }

    /** Returns its short name. */
    String label() {
        return label;
    }

    /** Returns what was found, or null. */
    String finding(Patient patient) {
        return finding.apply(patient);
    }

    /** Returns the line to change, by the kind of host. */
    Map<String, String> remedies() {
        return Map.copyOf(remedies);
    }
}
