package io.sluice.scsi;

import static org.junit.Assert.assertEquals;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.Test;

/** Every row against T10's list of additional sense codes: key, code, qualifier; and the order of unit attentions. */
public class SenseTest {

    @Test
    public void everyRow() {
        assertEquals(
                """
                NO_ADDITIONAL_SENSE 0/00/00
                LOGICAL_UNIT_NOT_READY 2/04/00
                LOGICAL_UNIT_IS_BECOMING_READY 2/04/01
                FORMAT_IN_PROGRESS 2/04/04
                ACCESS_STATE_TRANSITION 2/04/0a
                ACCESS_STATE_STANDBY 2/04/0b
                ACCESS_STATE_UNAVAILABLE 2/04/0c
                SANITIZE_IN_PROGRESS 2/04/1b
                MEDIUM_NOT_PRESENT 2/3a/00
                WRITE_ERROR 3/0c/00
                UNRECOVERED_READ_ERROR 3/11/00
                FORMAT_COMMAND_FAILED 3/31/01
                SANITIZE_COMMAND_FAILED 3/31/03
                INTERNAL_TARGET_FAILURE 4/44/00
                SET_TARGET_PORT_GROUPS_COMMAND_FAILED 4/67/0a
                PARAMETER_LIST_LENGTH_ERROR 5/1a/00
                UNREACHABLE_COPY_TARGET a/08/04
                COPY_TARGET_DEVICE_NOT_REACHABLE a/0d/02
                INVALID_COMMAND_OPERATION_CODE 5/20/00
                ACCESS_DENIED_NO_ACCESS_RIGHTS 5/20/02
                LBA_OUT_OF_RANGE 5/21/00
                INVALID_FIELD_IN_CDB 5/24/00
                LOGICAL_UNIT_NOT_SUPPORTED 5/25/00
                INVALID_FIELD_IN_PARAMETER_LIST 5/26/00
                INVALID_RELEASE_OF_PERSISTENT_RESERVATION 5/26/04
                INSUFFICIENT_REGISTRATION_RESOURCES 5/55/04
                TOO_MANY_TARGET_DESCRIPTORS 5/26/06
                UNSUPPORTED_TARGET_DESCRIPTOR_TYPE_CODE 5/26/07
                TOO_MANY_SEGMENT_DESCRIPTORS 5/26/08
                UNSUPPORTED_SEGMENT_DESCRIPTOR_TYPE_CODE 5/26/09
                COMMAND_SEQUENCE_ERROR 5/2c/00
                INVALID_TOKEN_OPERATION_TOKEN_UNKNOWN 5/23/04
                INVALID_TOKEN_OPERATION_TOKEN_CORRUPT 5/23/05
                INVALID_TOKEN_OPERATION_TOKEN_REVOKED 5/23/06
                INVALID_TOKEN_OPERATION_TOKEN_EXPIRED 5/23/07
                INVALID_MESSAGE_ERROR 5/49/00
                INVALID_FIELD_IN_COMMAND_INFORMATION_UNIT 5/0e/03
                MEDIUM_REMOVAL_PREVENTED 5/53/02
                POWER_ON_RESET_OR_BUS_DEVICE_RESET_OCCURRED 6/29/00
                BUS_DEVICE_RESET_FUNCTION_OCCURRED 6/29/03
                MEDIUM_MAY_HAVE_CHANGED 6/28/00
                MODE_PARAMETERS_CHANGED 6/2a/01
                RESERVATIONS_PREEMPTED 6/2a/03
                RESERVATIONS_RELEASED 6/2a/04
                REGISTRATIONS_PREEMPTED 6/2a/05
                ASYMMETRIC_ACCESS_STATE_CHANGED 6/2a/06
                CAPACITY_DATA_HAS_CHANGED 6/2a/09
                COMMANDS_CLEARED_BY_ANOTHER_INITIATOR 6/2f/00
                PREVIOUS_RESERVATION_CONFLICT_STATUS 6/2c/09
                THIN_PROVISIONING_SOFT_THRESHOLD_REACHED 6/38/07
                IDENTIFYING_INFORMATION_CHANGED 6/3f/05
                REPORTED_LUNS_DATA_HAS_CHANGED 6/3f/0e
                WRITE_PROTECTED 7/27/00
                SPACE_ALLOCATION_FAILED_WRITE_PROTECT 7/27/07
                UNEXPECTED_UNSOLICITED_DATA b/0c/0c
                NOT_ENOUGH_UNSOLICITED_DATA b/0c/0d
                PROTOCOL_SERVICE_CRC_ERROR b/47/05
                DATA_PHASE_ERROR b/4b/00
                COMMAND_TIMEOUT_DURING_PROCESSING b/2e/02
                MISCOMPARE_DURING_VERIFY_OPERATION e/1d/00
                """,
                Arrays.stream(Sense.values())
                        .map(sense -> String.format(
                                "%s %x/%02x/%02x\n",
                                sense.name(), sense.key().code(), sense.additionalSenseCode(), sense.qualifier()))
                        .collect(Collectors.joining()));
    }
}
