package io.sluice.shell;

import io.sluice.config.AccessState;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ChapConfig;
import io.sluice.config.GrantConfig;
import io.sluice.config.InitiatorConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.LayerConfig;
import io.sluice.config.LimitConfig;
import io.sluice.config.LunConfig;
import io.sluice.config.LunView;
import io.sluice.config.Network;
import io.sluice.config.TargetConfig;
import io.sluice.config.TargetPortConfig;
import io.sluice.config.UnitIdentity;
import io.sluice.management.SessionStatus;
import io.sluice.management.TraceLine;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What a {@link FakeGateway} has. */
final class OneOfEverything {

    static final String TARGET = "iqn.2026-11.io.sluice:disk0";

    static final BackstoreConfig DISK = BackstoreConfig.builder("disk0", "file")
            .sizeBytes(10L << 30)
            .physicalBlockSize(4096)
            .thin(true)
            .unmap(true)
            .identity(new UnitIdentity("6a2b3c4d5e6f708192a3b4c5d6e7f809", "0123456789abcdef"))
            .options(Map.of("path", "/srv/disk0"))
            .layers(List.of(new LayerConfig("limit", Map.of()), new LayerConfig("count", Map.of())))
            .build();

    static final TargetConfig CONFIG = new TargetConfig(
            new IscsiName(TARGET),
            true,
            AccessState.ACTIVE_OPTIMIZED,
            List.of(new LunConfig(0, "disk0", false)),
            List.of(
                    new GrantConfig("web1", List.of(new LunView(7, 0, true)), false, true),
                    new GrantConfig("cluster", List.of(), true, false)),
            List.of(1, 2),
            List.of(new TargetPortConfig(1, 5, null), new TargetPortConfig(2, 6, AccessState.STANDBY)),
            null);

    static final List<InitiatorConfig> INITIATORS = List.of(
            new InitiatorConfig(
                    "web1",
                    List.of("iqn.1993-08.org.debian:01:web1"),
                    List.of(Network.parse("192.0.2.0/24")),
                    new ChapConfig("webuser", "web1.chap"),
                    new ChapConfig("sluice", "web1.mutual")),
            new InitiatorConfig(
                    "esx1",
                    List.of("iqn.1998-01.com.vmware:esx1-*"),
                    List.of(),
                    null,
                    null,
                    new LimitConfig(1000, 100 << 20, 2000)),
            new InitiatorConfig("spare", List.of(), List.of(), null, null));

    static final TraceLine TRACED = new TraceLine(
            7,
            Instant.EPOCH,
            3,
            "iqn.host",
            TARGET,
            5,
            "READ(10) lba=0 blocks=8",
            "CHECK CONDITION, ILLEGAL REQUEST, LBA OUT OF RANGE (21/00)",
            1_000,
            2_500_000,
            30_000);

    static final SessionStatus SESSION = new SessionStatus(
            3,
            "iqn.host",
            "000000000001",
            TARGET,
            "127.0.0.1:3260",
            "127.0.0.1:9",
            Instant.EPOCH,
            7,
            512,
            1024,
            new SessionStatus.Rates(70, 5120, 10_240),
            "web1",
            "webuser",
            List.of(
                    new SessionStatus.Connection(0, "127.0.0.1:3260", "127.0.0.1:9"),
                    new SessionStatus.Connection(1, "127.0.0.1:3260", "127.0.0.1:10")),
            Map.of("InitialR2T", "No"));

    private OneOfEverything() {}
}
