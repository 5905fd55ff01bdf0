package io.sluice.rest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.management.Role;
import io.sluice.rest.action.Action;
import io.sluice.rest.action.Actions;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.ClassRule;
import org.junit.Test;

/** Each row is for its role and those above it. */
public class RolesTest {

    @ClassRule
    public static final RunningServer SERVER = new RunningServer(RunningServer.FEW);

    @Test
    public void eachRowIsForItsRole() throws Exception {
        for (Action action : Actions.ALL) {
            Map<String, Object> body = ExampleRequests.bodies(action).get(0);
            for (Role role : Role.values()) {
                SERVER.gateway.methods.clear();
                HttpResponse<String> answer = SERVER.send(role, action.method(), ExampleRequests.path(action), body);
                String said = role + " " + action.method() + " " + action.path() + ": " + answer.body();
                boolean may = role.includes(action.role());
                assertEquals(said, may ? action.status() : 403, answer.statusCode());
                assertEquals(said, may, !SERVER.gateway.methods.isEmpty());
            }
        }
    }

    @Test
    public void viewersChangeNothing() {
        assertTrue(Actions.ALL.stream()
                .filter(action -> action.role() == Role.VIEWER)
                .allMatch(action -> action.method().equals("GET")));
    }

    @Test
    public void theGatewayLearnsWhoAsks() throws Exception {
        SERVER.gateway.callers.clear();
        SERVER.send(Role.OPERATOR, "DELETE", "/sessions/3", null);
        String caller = SERVER.gateway.callers.get(0);
        assertTrue(
                caller,
                caller.matches("ClientPrincipal rest\\(/127\\.0\\.0\\.1:\\d+\\), UserPrincipal token:operator"));
    }
}
