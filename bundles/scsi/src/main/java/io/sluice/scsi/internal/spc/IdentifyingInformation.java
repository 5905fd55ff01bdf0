package io.sluice.scsi.internal.spc;

/** The types of information that a user may give a unit to know it by (SPC-5 6.31, table of INFORMATION TYPE). */
enum IdentifyingInformation {
    PERIPHERAL_DEVICE(0x00, 512),
    PERIPHERAL_DEVICE_TEXT(0x02, 256);

    /** INFORMATION TYPE that asks which there are. */
    static final int SUPPORTED = 0x7F;

    private final int code;
    private final int maximumLength;

    IdentifyingInformation(int code, int maximumLength) {
        this.code = code;
        this.maximumLength = maximumLength;
    }

    int code() {
        return code;
    }

    int maximumLength() {
        return maximumLength;
    }

    static IdentifyingInformation of(int code) {
        for (IdentifyingInformation type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        return null;
    }
}
