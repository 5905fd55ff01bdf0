package io.sluice.testkit.initiator;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A blocking iSCSI initiator (RFC 7143) for tests: one connection, one thread. What it receives is checked against the
 * standard, and any PDU, right or wrong, can be sent by hand.
 */
public final class TestInitiator implements AutoCloseable {

    /** Keys of an ordinary login, besides the names. */
    public static final Map<String, String> OPERATIONAL_KEYS = Map.of(
            "HeaderDigest", "None",
            "DataDigest", "None",
            "InitialR2T", "Yes",
            "ImmediateData", "Yes",
            "MaxRecvDataSegmentLength", "65536",
            "MaxBurstLength", "262144",
            "FirstBurstLength", "65536",
            "MaxOutstandingR2T", "1",
            "ErrorRecoveryLevel", "0");

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final PduSocket socket;
    private String name = "iqn.2026-11.io.sluice.testkit:initiator";
    private long isid = 0x8000_0000_0001L;
    private int connectionId;
    private int tsih;
    private SessionNumbers numbers = new SessionNumbers();
    private int expStatSn;
    private int maxCmdSn;
    private Map<String, String> negotiated = Map.of();
    private boolean endAnnounced;
    private boolean tolerant;

    private TestInitiator(PduSocket socket) {
        this.socket = socket;
    }

    /** Connects, and does not yet log in. */
    public static TestInitiator connect(InetSocketAddress portal) throws IOException {
        return new TestInitiator(new PduSocket(null, portal, TIMEOUT, 0));
    }

    /** Connects from an address of this machine, such as 127.0.0.2, for tests of what an address may do. */
    public static TestInitiator connectFrom(String host, InetSocketAddress portal) throws IOException {
        return new TestInitiator(new PduSocket(new InetSocketAddress(host, 0), portal, TIMEOUT, 0));
    }

    /** Connects with a bound on every receive and a small receive buffer, for tests of slow readers and silence. */
    public static TestInitiator connect(InetSocketAddress portal, Duration timeout, int receiveBufferBytes)
            throws IOException {
        return new TestInitiator(new PduSocket(null, portal, timeout, receiveBufferBytes));
    }

    /** Sets the initiator's iSCSI name. */
    public TestInitiator name(String value) {
        name = value;
        return this;
    }

    /** Takes an ExpDataSN that is wrong, as that of tgt is after R2Ts; for data of other targets, not for their protocol. */
    public TestInitiator tolerant(boolean value) {
        tolerant = value;
        return this;
    }

    boolean isTolerant() {
        return tolerant;
    }

    /** Sets the number of the connection. */
    public TestInitiator connectionId(int value) {
        connectionId = value;
        return this;
    }

    /** Sets the handle of the session that is asked for, 0 for a new one. */
    public TestInitiator tsih(int value) {
        tsih = value;
        return this;
    }

    /** Returns the handle that the target has given to the session. */
    public int tsih() {
        return tsih;
    }

    /** Sets the ISID, 48 bits. */
    public TestInitiator isid(long value) {
        isid = value;
        return this;
    }

    /** Logs in to a target with ordinary keys; fails if that is refused. */
    public TestInitiator login(String target) throws IOException {
        return login(target, Map.of());
    }

    /** Logs in to a target; the keys come on top of the ordinary ones. Fails if the login is refused. */
    public TestInitiator login(String target, Map<String, String> keys) throws IOException {
        Map<String, String> all = names("Normal", target);
        all.putAll(OPERATIONAL_KEYS);
        all.putAll(keys);
        return expectSuccess(tryLogin(all));
    }

    /**
     * Logs in as another connection of a session, with which it shares the numbers of commands and tasks.
     *
     * @param session a connection of that session
     * @param cid a number for the new one
     */
    public LoginResult tryJoin(TestInitiator session, int cid, String target) throws IOException {
        return tryJoin(session, cid, target, Map.of("MaxRecvDataSegmentLength", "65536"));
    }

    /** As {@link #tryJoin(TestInitiator, int, String)}, with other keys. */
    public LoginResult tryJoin(TestInitiator session, int cid, String target, Map<String, String> keys)
            throws IOException {
        name = session.name;
        isid = session.isid;
        tsih = session.tsih;
        numbers = session.numbers;
        connectionId = cid;
        Map<String, String> all = names("Normal", target);
        all.putAll(keys);
        LoginResult result = tryLogin(all);
        Map<String, String> both = new LinkedHashMap<>(session.negotiated);
        both.putAll(Map.of("HeaderDigest", "None", "DataDigest", "None"));
        both.putAll(result.keys());
        negotiated = both;
        return result;
    }

    /** Logs in as another connection of a session; fails if that is refused. */
    public TestInitiator join(TestInitiator session, int cid, String target) throws IOException {
        return expectSuccess(tryJoin(session, cid, target));
    }

    /** Begins a discovery session. */
    public TestInitiator loginDiscovery() throws IOException {
        return expectSuccess(tryLogin(names("Discovery", null)));
    }

    /** Returns the keys that name both sides; the target may be null. */
    public Map<String, String> names(String sessionType, String target) {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("InitiatorName", name);
        keys.put("SessionType", sessionType);
        if (target != null) {
            keys.put("TargetName", target);
        }
        return keys;
    }

    /** Sends one login request from operational negotiation to full feature phase, and returns what came of it. */
    public LoginResult tryLogin(Map<String, String> keys) throws IOException {
        send(loginRequest(0x87).data(TextPairs.encode(keys)));
        RawPdu response = expect(RawPdu.LOGIN_RESPONSE);
        LoginResult result = new LoginResult(response.int16(36), response.int16(14), TextPairs.decode(response.data()));
        tsih = result.tsih();
        if (result.status() == 0 && (response.int8(1) & 0x83) == 0x83) {
            negotiated = result.keys();
            socket.digests(is("HeaderDigest", "CRC32C"), is("DataDigest", "CRC32C"));
        }
        return result;
    }

    /** Makes a login request: T, C, CSG and NSG as they are in the second byte. */
    public RawPdu loginRequest(int flags) {
        return RawPdu.of(RawPdu.LOGIN)
                .immediate()
                .flags(flags)
                .int64(8, isid << 16 | tsih)
                .taskTag(0)
                .int16(20, connectionId)
                .int32(24, numbers.cmdSn.get());
    }

    /** Reads blocks; fails unless that ends with GOOD. */
    public byte[] read10(long lun, long lba, int blocks, int blockSize) throws IOException {
        return execute(lun, Cdb.read10(lba, blocks), null, (long) blocks * blockSize)
                .expectGood();
    }

    /** Writes blocks; fails unless that ends with GOOD. */
    public void write10(long lun, long lba, byte[] data, int blockSize) throws IOException {
        execute(lun, Cdb.write10(lba, data.length / blockSize), data, 0).expectGood();
    }

    /**
     * Runs a command to its end; data goes out as immediate data as far as agreed, and then as R2Ts ask.
     *
     * @param lun the LUN field
     * @param dataOut what to send, or null
     * @param dataInLength Expected Data Transfer Length of a command that reads, else 0
     */
    public ScsiResult execute(long lun, byte[] cdb, byte[] dataOut, long dataInLength) throws IOException {
        RawPdu command = command(lun, cdb, dataOut == null ? 0 : dataOut.length, dataInLength);
        if (dataOut != null && is("ImmediateData", "Yes")) {
            int first = Integer.parseInt(negotiated.getOrDefault("FirstBurstLength", "65536"));
            int segment = Integer.parseInt(negotiated.getOrDefault("MaxRecvDataSegmentLength", "8192"));
            command.data(Arrays.copyOf(dataOut, Math.min(dataOut.length, Math.min(first, segment))));
        }
        send(command);
        return finish(command.taskTag(), dataOut);
    }

    /** Makes a command with the next CmdSN and a fresh task tag: F set, R and W as the lengths say. */
    public RawPdu command(long lun, byte[] cdb, long dataOutLength, long dataInLength) {
        int flags = 0x81 | (dataInLength > 0 ? 0x40 : 0) | (dataOutLength > 0 ? 0x20 : 0);
        return RawPdu.of(RawPdu.SCSI_COMMAND)
                .flags(flags)
                .lun(lun)
                .taskTag(numbers.taskTag.getAndIncrement())
                .int32(20, (int) (dataOutLength > 0 ? dataOutLength : dataInLength))
                .int32(24, numbers.cmdSn.getAndIncrement())
                .int32(28, expStatSn)
                .bytes(32, Arrays.copyOf(cdb, 16));
    }

    /** Makes a Data-Out PDU. */
    public RawPdu dataOut(long lun, int taskTag, int transferTag, int dataSn, int offset, byte[] data, boolean last) {
        return RawPdu.of(RawPdu.DATA_OUT)
                .flags(last ? 0x80 : 0)
                .lun(lun)
                .taskTag(taskTag)
                .int32(20, transferTag)
                .int32(28, expStatSn)
                .int32(36, dataSn)
                .int32(40, offset)
                .data(data);
    }

    /** Serves a command that has been sent until its status comes. */
    public ScsiResult finish(int taskTag, byte[] dataOut) throws IOException {
        return new CommandExchange(this).finish(taskTag, dataOut);
    }

    /** Pings; fails unless the same data comes back. */
    public void ping(byte[] data) throws IOException {
        RawPdu nop = request(RawPdu.NOP_OUT).int32(20, RawPdu.RESERVED_TAG).data(data);
        send(nop);
        RawPdu answer = expect(RawPdu.NOP_IN);
        if (answer.taskTag() != nop.taskTag() || !Arrays.equals(answer.data(), data)) {
            throw new AssertionError("wrong answer to a ping: " + answer);
        }
    }

    /** Acknowledges all that has been received, by a PDU that has no answer. */
    public void acknowledge() throws IOException {
        send(RawPdu.of(RawPdu.NOP_OUT)
                .immediate()
                .flags(0x80)
                .taskTag(RawPdu.RESERVED_TAG)
                .int32(20, RawPdu.RESERVED_TAG)
                .int32(24, numbers.cmdSn.get())
                .int32(28, expStatSn));
    }

    /** Sends text in full feature phase and returns the whole answer, however many responses it takes. */
    public String text(Map<String, String> keys) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        RawPdu request = request(RawPdu.TEXT).int32(20, RawPdu.RESERVED_TAG).data(TextPairs.encode(keys));
        send(request);
        RawPdu response = expect(RawPdu.TEXT_RESPONSE);
        answer.writeBytes(response.data());
        while (!response.last()) {
            send(request(RawPdu.TEXT).taskTag(request.taskTag()).int32(20, response.int32(20)));
            response = expect(RawPdu.TEXT_RESPONSE);
            answer.writeBytes(response.data());
        }
        return answer.toString(StandardCharsets.UTF_8);
    }

    /** Requests a task management function for immediate delivery and returns the response code. */
    public int taskManagement(int function, long lun, int referencedTaskTag, int refCmdSn) throws IOException {
        send(taskManagementRequest(function, lun, referencedTaskTag, refCmdSn));
        return expect(RawPdu.TASK_MANAGEMENT_RESPONSE).int8(2);
    }

    /** Makes a task management request for immediate delivery. */
    public RawPdu taskManagementRequest(int function, long lun, int referencedTaskTag, int refCmdSn) {
        return RawPdu.of(RawPdu.TASK_MANAGEMENT)
                .immediate()
                .flags(0x80 | function)
                .lun(lun)
                .taskTag(numbers.taskTag.getAndIncrement())
                .int32(20, referencedTaskTag)
                .int32(24, numbers.cmdSn.get())
                .int32(28, expStatSn)
                .int32(32, refCmdSn);
    }

    /** Logs out and expects the connection to close. */
    public void logout() throws IOException {
        send(request(RawPdu.LOGOUT));
        if (expect(RawPdu.LOGOUT_RESPONSE).int8(2) != 0 || !socket.closedByPeer()) {
            throw new AssertionError("logout was not carried out");
        }
    }

    /** Logs out of a session that the target ends as well, and takes whatever comes until the connection is closed. */
    public void leave() throws IOException {
        send(request(RawPdu.LOGOUT));
        expectClosed();
    }

    /** Makes a request with F set, the next CmdSN and a fresh task tag. */
    public RawPdu request(int opcode) {
        return RawPdu.of(opcode)
                .flags(0x80)
                .taskTag(numbers.taskTag.getAndIncrement())
                .int32(24, numbers.cmdSn.getAndIncrement())
                .int32(28, expStatSn);
    }

    /** Sends a PDU as it is. */
    public void send(RawPdu pdu) throws IOException {
        socket.send(pdu);
    }

    /** Sends a PDU whose digests are off by these bits. */
    public void sendCorrupt(RawPdu pdu, int headerError, int dataError) throws IOException {
        socket.send(pdu, headerError, dataError);
    }

    /** Sends any bytes. */
    public void sendBytes(byte[] bytes) throws IOException {
        socket.sendBytes(bytes);
    }

    /** Receives a PDU and keeps track of StatSN and MaxCmdSN. */
    public RawPdu receive() throws IOException {
        RawPdu pdu = socket.receive();
        boolean status = pdu.opcode() != RawPdu.R2T
                && (pdu.opcode() != RawPdu.DATA_IN || (pdu.int8(1) & 1) != 0)
                && !(pdu.opcode() == RawPdu.NOP_IN && pdu.taskTag() == RawPdu.RESERVED_TAG);
        if (status) {
            if (pdu.opcode() != RawPdu.LOGIN_RESPONSE && pdu.statSn() != expStatSn) {
                throw new AssertionError("StatSN is not " + expStatSn + ": " + pdu);
            }
            expStatSn = pdu.statSn() + 1;
        }
        maxCmdSn = pdu.int32(32);
        return pdu;
    }

    /** Receives a PDU and fails if it is another than this. */
    public RawPdu expect(int opcode) throws IOException {
        RawPdu pdu = receive();
        if (pdu.opcode() != opcode) {
            throw new AssertionError("expected opcode 0x" + Integer.toHexString(opcode) + ": " + pdu);
        }
        return pdu;
    }

    /**
     * Receives a Reject and fails if it has another reason. A command that is not immediate counts as not received, so its
     * CmdSN is that of the next one (RFC 7143 7.3).
     */
    public RawPdu expectReject(int reason) throws IOException {
        RawPdu pdu = expect(RawPdu.REJECT);
        if (pdu.int8(2) != reason || pdu.data().length != RawPdu.HEADER_BYTES) {
            throw new AssertionError("expected reason " + reason + ": " + pdu);
        }
        RawPdu rejected = RawPdu.received(pdu.data(), new byte[0]);
        if (rejected.takesCmdSn()) {
            numbers.cmdSn.set(rejected.int32(24));
        }
        return pdu;
    }

    /** Fails unless the target closes the connection in time. */
    public void expectClosed() throws IOException {
        if (!socket.closedByPeer()) {
            throw new AssertionError("the connection is still open");
        }
    }

    /** Returns whether the target has said, while a command was under way, that the session be ended or is ended. */
    public boolean isEndAnnounced() {
        return endAnnounced;
    }

    void endAnnounced() {
        endAnnounced = true;
    }

    /** Returns CmdSN of the next command. */
    public int cmdSn() {
        return numbers.cmdSn.get();
    }

    /** Sets CmdSN of the next command. */
    public void cmdSn(int value) {
        numbers.cmdSn.set(value);
    }

    /** Returns the last MaxCmdSN that the target sent. */
    public int maxCmdSn() {
        return maxCmdSn;
    }

    /** Returns what the target answered to the login. */
    public Map<String, String> negotiated() {
        return negotiated;
    }

    /** Resets the connection, as a dying host does. */
    public void reset() throws IOException {
        socket.reset();
    }

    /** Closes the sending half of the connection. */
    public void halfClose() throws IOException {
        socket.halfClose();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private boolean is(String key, String value) {
        return value.equals(negotiated.get(key));
    }

    private TestInitiator expectSuccess(LoginResult result) {
        if (result.status() != 0) {
            throw new AssertionError(String.format("login refused with %04x", result.status()));
        }
        return this;
    }
}
