# The program alone: static, with its own CA roots and time zones, as nobody.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -tags container,timetzdata -trimpath -ldflags "-s -w" -o /vpsnet-mcp .
RUN mkdir -m 700 /state

FROM scratch
COPY --from=build /vpsnet-mcp /vpsnet-mcp
# A volume that is mounted here is nobody's too.
COPY --from=build --chown=65532:65532 /state /state
USER 65532:65532
EXPOSE 8443
ENTRYPOINT ["/vpsnet-mcp"]
# Files as docs/hosting.md makes them; arguments to the container replace all of these.
CMD ["--transport", "http,sse", "--listen", "0.0.0.0:8443", "--tls-cert", "/etc/vpsnet-mcp/cert.pem", "--tls-key", "/etc/vpsnet-mcp/key.pem", "--tokens", "/etc/vpsnet-mcp/tokens.yaml", "--accounts", "/etc/vpsnet-mcp/accounts.yaml", "--policy", "/etc/vpsnet-mcp/policy.yaml", "--state-dir", "/state"]
