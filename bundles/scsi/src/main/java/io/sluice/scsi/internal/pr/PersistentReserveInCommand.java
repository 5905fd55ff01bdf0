package io.sluice.scsi.internal.pr;

import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.format.CdbFormat;
import io.sluice.scsi.internal.reservation.Registration;
import io.sluice.scsi.internal.reservation.Registry;
import io.sluice.scsi.internal.reservation.ReservationType;
import io.sluice.scsi.internal.reservation.Reservations;
import io.sluice.scsi.internal.task.Execution;
import io.sluice.scsi.internal.unit.UnitPorts;
import java.io.ByteArrayOutputStream;
import java.util.function.BiFunction;
import java.util.function.Function;

/** PERSISTENT RESERVE IN (SPC-5 6.13): one object for each service action. */
public final class PersistentReserveInCommand implements Command {

    /** READ KEYS (SPC-5 6.13.2). */
    public static final Command READ_KEYS = new PersistentReserveInCommand(PersistentReserveInCommand::keys);
    /** READ RESERVATION (SPC-5 6.13.3). */
    public static final Command READ_RESERVATION =
            new PersistentReserveInCommand(PersistentReserveInCommand::reservation);
    /** REPORT CAPABILITIES (SPC-5 6.13.4). */
    public static final Command REPORT_CAPABILITIES =
            new PersistentReserveInCommand(PersistentReserveInCommand::capabilities);
    /** READ FULL STATUS (SPC-5 6.13.5). */
    public static final Command READ_FULL_STATUS =
            new PersistentReserveInCommand(PersistentReserveInCommand::fullStatus);

    private static final int HEADER = 8;
    private static final int RESERVATION_LENGTH = 16;
    private static final int STATUS_LENGTH = 24;
    private static final int ALL_TG_PT = 0x02;
    private static final int R_HOLDER = 0x01;

    /** CRH, SIP_C, ATP_C and PTPL_C: all that can be asked for. */
    private static final int ABILITIES = 0x10 | 0x08 | 0x04 | 0x01;

    private static final int TMV = 0x80;
    private static final int PTPL_A = 0x01;

    /** WR_EX_AR, EX_AC_RO, WR_EX_RO, EX_AC, WR_EX, then EX_AC_AR in the next byte. */
    private static final int TYPE_MASK = 0xEA01;

    private final BiFunction<Reservations.Saved, UnitPorts, byte[]> report;

    private PersistentReserveInCommand(Function<Reservations.Saved, byte[]> report) {
        this((reservations, ports) -> report.apply(reservations));
    }

    private PersistentReserveInCommand(BiFunction<Reservations.Saved, UnitPorts, byte[]> report) {
        this.report = report;
    }

    @Override
    public void execute(Execution execution) {
        byte[] data = report.apply(
                execution.unit().reservations().saved(), execution.unit().ports());
        execution.respond(data, CdbFormat.CDB10.length(execution.cdb()));
    }

    private static byte[] withHeader(Reservations.Saved reservations, byte[] body) {
        byte[] data = new byte[HEADER + body.length];
        Bytes.put32(data, 0, reservations.generation());
        Bytes.put32(data, 4, body.length);
        System.arraycopy(body, 0, data, HEADER, body.length);
        return data;
    }

    private static byte[] keys(Reservations.Saved reservations) {
        Registry registry = reservations.registry();
        byte[] keys = new byte[8 * registry.registrations().size()];
        for (int i = 0; i < registry.registrations().size(); i++) {
            Bytes.put64(keys, 8 * i, registry.registrations().get(i).key());
        }
        return withHeader(reservations, keys);
    }

    private static byte[] reservation(Reservations.Saved reservations) {
        Registry registry = reservations.registry();
        if (!registry.reserved()) {
            return withHeader(reservations, new byte[0]);
        }
        byte[] descriptor = new byte[RESERVATION_LENGTH];
        Bytes.put64(
                descriptor, 0, registry.holder() == null ? 0 : registry.holder().key());
        descriptor[13] = scopeAndType(registry);
        return withHeader(reservations, descriptor);
    }

    private static byte[] capabilities(Reservations.Saved reservations) {
        byte[] data = new byte[HEADER];
        Bytes.put16(data, 0, HEADER);
        data[2] = ABILITIES;
        data[3] = (byte) (TMV | (reservations.registry().persistent() ? PTPL_A : 0));
        Bytes.put16(data, 4, TYPE_MASK);
        return data;
    }

    private static byte[] fullStatus(Reservations.Saved reservations, UnitPorts ports) {
        Registry registry = reservations.registry();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Registration registration : registry.registrations()) {
            byte[] transportId = TransportId.encode(registration.initiator());
            byte[] descriptor = new byte[STATUS_LENGTH];
            boolean holds = registry.isHeldBy(registration);
            Bytes.put64(descriptor, 0, registration.key());
            descriptor[12] = (byte) ((registration.target() == null ? ALL_TG_PT : 0) | (holds ? R_HOLDER : 0));
            descriptor[13] = holds ? scopeAndType(registry) : 0;
            Bytes.put16(descriptor, 18, registration.target() == null ? 0 : ports.numberOf(registration.target()));
            Bytes.put32(descriptor, 20, transportId.length);
            out.writeBytes(descriptor);
            out.writeBytes(transportId);
        }
        return withHeader(reservations, out.toByteArray());
    }

    private static byte scopeAndType(Registry registry) {
        return (byte) (ReservationType.LU_SCOPE << 4 | registry.type().code());
    }
}
