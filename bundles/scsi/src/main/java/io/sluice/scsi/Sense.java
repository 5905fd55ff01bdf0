package io.sluice.scsi;

import static io.sluice.scsi.SenseKey.ABORTED_COMMAND;
import static io.sluice.scsi.SenseKey.COPY_ABORTED;
import static io.sluice.scsi.SenseKey.DATA_PROTECT;
import static io.sluice.scsi.SenseKey.HARDWARE_ERROR;
import static io.sluice.scsi.SenseKey.ILLEGAL_REQUEST;
import static io.sluice.scsi.SenseKey.MEDIUM_ERROR;
import static io.sluice.scsi.SenseKey.MISCOMPARE;
import static io.sluice.scsi.SenseKey.NOT_READY;
import static io.sluice.scsi.SenseKey.NO_SENSE;
import static io.sluice.scsi.SenseKey.UNIT_ATTENTION;

/**
 * Every reason that the gateway gives in sense data: key, additional sense code and qualifier (SPC-5 4.4.7). Unit
 * attentions stand in the order in which they are reported: resets first (SAM-5 5.14.3).
 */
public enum Sense {
    // spotless:off
    NO_ADDITIONAL_SENSE(NO_SENSE,                          0x00, 0x00),

    LOGICAL_UNIT_NOT_READY(NOT_READY,                      0x04, 0x00),
    LOGICAL_UNIT_IS_BECOMING_READY(NOT_READY,              0x04, 0x01),
    FORMAT_IN_PROGRESS(NOT_READY,                          0x04, 0x04),
    ACCESS_STATE_TRANSITION(NOT_READY,                     0x04, 0x0A),
    ACCESS_STATE_STANDBY(NOT_READY,                        0x04, 0x0B),
    ACCESS_STATE_UNAVAILABLE(NOT_READY,                    0x04, 0x0C),
    SANITIZE_IN_PROGRESS(NOT_READY,                        0x04, 0x1B),
    MEDIUM_NOT_PRESENT(NOT_READY,                          0x3A, 0x00),

    WRITE_ERROR(MEDIUM_ERROR,                              0x0C, 0x00),
    UNRECOVERED_READ_ERROR(MEDIUM_ERROR,                   0x11, 0x00),

    FORMAT_COMMAND_FAILED(MEDIUM_ERROR,                    0x31, 0x01),
    SANITIZE_COMMAND_FAILED(MEDIUM_ERROR,                  0x31, 0x03),

    INTERNAL_TARGET_FAILURE(HARDWARE_ERROR,                0x44, 0x00),
    SET_TARGET_PORT_GROUPS_COMMAND_FAILED(HARDWARE_ERROR,  0x67, 0x0A),

    PARAMETER_LIST_LENGTH_ERROR(ILLEGAL_REQUEST,           0x1A, 0x00),
    UNREACHABLE_COPY_TARGET(COPY_ABORTED,                  0x08, 0x04),
    COPY_TARGET_DEVICE_NOT_REACHABLE(COPY_ABORTED,         0x0D, 0x02),
    INVALID_COMMAND_OPERATION_CODE(ILLEGAL_REQUEST,        0x20, 0x00),
    ACCESS_DENIED_NO_ACCESS_RIGHTS(ILLEGAL_REQUEST,        0x20, 0x02),
    LBA_OUT_OF_RANGE(ILLEGAL_REQUEST,                      0x21, 0x00),
    INVALID_FIELD_IN_CDB(ILLEGAL_REQUEST,                  0x24, 0x00),
    LOGICAL_UNIT_NOT_SUPPORTED(ILLEGAL_REQUEST,            0x25, 0x00),
    INVALID_FIELD_IN_PARAMETER_LIST(ILLEGAL_REQUEST,       0x26, 0x00),
    INVALID_RELEASE_OF_PERSISTENT_RESERVATION(ILLEGAL_REQUEST, 0x26, 0x04),
    INSUFFICIENT_REGISTRATION_RESOURCES(ILLEGAL_REQUEST,   0x55, 0x04),
    TOO_MANY_TARGET_DESCRIPTORS(ILLEGAL_REQUEST,           0x26, 0x06),
    UNSUPPORTED_TARGET_DESCRIPTOR_TYPE_CODE(ILLEGAL_REQUEST, 0x26, 0x07),
    TOO_MANY_SEGMENT_DESCRIPTORS(ILLEGAL_REQUEST,          0x26, 0x08),
    UNSUPPORTED_SEGMENT_DESCRIPTOR_TYPE_CODE(ILLEGAL_REQUEST, 0x26, 0x09),
    COMMAND_SEQUENCE_ERROR(ILLEGAL_REQUEST,                0x2C, 0x00),
    INVALID_TOKEN_OPERATION_TOKEN_UNKNOWN(ILLEGAL_REQUEST, 0x23, 0x04),
    INVALID_TOKEN_OPERATION_TOKEN_CORRUPT(ILLEGAL_REQUEST, 0x23, 0x05),
    INVALID_TOKEN_OPERATION_TOKEN_REVOKED(ILLEGAL_REQUEST, 0x23, 0x06),
    INVALID_TOKEN_OPERATION_TOKEN_EXPIRED(ILLEGAL_REQUEST, 0x23, 0x07),
    INVALID_MESSAGE_ERROR(ILLEGAL_REQUEST,                 0x49, 0x00),
    INVALID_FIELD_IN_COMMAND_INFORMATION_UNIT(ILLEGAL_REQUEST, 0x0E, 0x03),
    MEDIUM_REMOVAL_PREVENTED(ILLEGAL_REQUEST,              0x53, 0x02),

    POWER_ON_RESET_OR_BUS_DEVICE_RESET_OCCURRED(UNIT_ATTENTION, 0x29, 0x00),
    BUS_DEVICE_RESET_FUNCTION_OCCURRED(UNIT_ATTENTION,     0x29, 0x03),
    MEDIUM_MAY_HAVE_CHANGED(UNIT_ATTENTION,                0x28, 0x00),
    MODE_PARAMETERS_CHANGED(UNIT_ATTENTION,                0x2A, 0x01),
    RESERVATIONS_PREEMPTED(UNIT_ATTENTION,                 0x2A, 0x03),
    RESERVATIONS_RELEASED(UNIT_ATTENTION,                  0x2A, 0x04),
    REGISTRATIONS_PREEMPTED(UNIT_ATTENTION,                0x2A, 0x05),
    ASYMMETRIC_ACCESS_STATE_CHANGED(UNIT_ATTENTION,        0x2A, 0x06),
    CAPACITY_DATA_HAS_CHANGED(UNIT_ATTENTION,              0x2A, 0x09),
    COMMANDS_CLEARED_BY_ANOTHER_INITIATOR(UNIT_ATTENTION,  0x2F, 0x00),
    PREVIOUS_RESERVATION_CONFLICT_STATUS(UNIT_ATTENTION,   0x2C, 0x09),
    THIN_PROVISIONING_SOFT_THRESHOLD_REACHED(UNIT_ATTENTION, 0x38, 0x07),
    IDENTIFYING_INFORMATION_CHANGED(UNIT_ATTENTION,        0x3F, 0x05),
    REPORTED_LUNS_DATA_HAS_CHANGED(UNIT_ATTENTION,         0x3F, 0x0E),

    WRITE_PROTECTED(DATA_PROTECT,                          0x27, 0x00),
    SPACE_ALLOCATION_FAILED_WRITE_PROTECT(DATA_PROTECT,    0x27, 0x07),

    UNEXPECTED_UNSOLICITED_DATA(ABORTED_COMMAND,           0x0C, 0x0C),
    NOT_ENOUGH_UNSOLICITED_DATA(ABORTED_COMMAND,           0x0C, 0x0D),
    PROTOCOL_SERVICE_CRC_ERROR(ABORTED_COMMAND,            0x47, 0x05),
    DATA_PHASE_ERROR(ABORTED_COMMAND,                      0x4B, 0x00),
    COMMAND_TIMEOUT_DURING_PROCESSING(ABORTED_COMMAND,     0x2E, 0x02),

    MISCOMPARE_DURING_VERIFY_OPERATION(MISCOMPARE,         0x1D, 0x00);
    // spotless:on

    private final SenseKey key;
    private final int additionalSenseCode;
    private final int qualifier;

    Sense(SenseKey key, int additionalSenseCode, int qualifier) {
        this.key = key;
        this.additionalSenseCode = additionalSenseCode;
        this.qualifier = qualifier;
    }

    /** Returns the sense key. */
    public SenseKey key() {
        return key;
    }

    /** Returns the ADDITIONAL SENSE CODE. */
    public int additionalSenseCode() {
        return additionalSenseCode;
    }

    /** Returns the ADDITIONAL SENSE CODE QUALIFIER. */
    public int qualifier() {
        return qualifier;
    }
}
