package io.sluice.iscsi.pdu;

/** Sees each PDU of a connection while somebody wants to. On the event loop of the connection. */
public interface PduWatch {

    /** Nobody ever wants to. */
    PduWatch NONE = new PduWatch() {
        @Override
        public boolean isOn() {
            return false;
        }

        @Override
        public int keeps(Opcode opcode, int dataLength) {
            return 0;
        }

        @Override
        public void passed(Opcode opcode, byte[] head, byte[] data, int dataLength) {
            throw new IllegalStateException("nobody looks");
        }
    };

    /** Returns whether somebody wants to now; asked for each PDU, so it has to be cheap. */
    boolean isOn();

    /** Returns how many bytes of the data of a PDU are wanted. */
    int keeps(Opcode opcode, int dataLength);

    /**
     * A PDU has come or goes out.
     *
     * @param head the basic header and what is added to it, without digest; a copy
     * @param data as much of the data as was wanted and is in memory; a copy
     * @param dataLength how long the data is as a whole, in bytes
     */
    void passed(Opcode opcode, byte[] head, byte[] data, int dataLength);
}
