# The program of a release alone, as nobody: static, with its own certificate
# authorities and time zones. `make image` builds it from what `make dist` made; the
# build context holds linux/amd64/vpsnet-mcp and linux/arm64/vpsnet-mcp.
FROM scratch
ARG TARGETPLATFORM
COPY ${TARGETPLATFORM}/vpsnet-mcp /vpsnet-mcp
# A volume that is mounted here is nobody's too.
COPY --chown=65532:65532 state /state
USER 65532:65532
EXPOSE 8443
ENTRYPOINT ["/vpsnet-mcp"]
# Files as docs/hosting.md makes them; arguments to the container replace all of these.
CMD ["--transport", "http,sse", "--listen", "0.0.0.0:8443", "--tls-cert", "/etc/vpsnet-mcp/cert.pem", "--tls-key", "/etc/vpsnet-mcp/key.pem", "--tokens", "/etc/vpsnet-mcp/tokens.yaml", "--accounts", "/etc/vpsnet-mcp/accounts.yaml", "--policy", "/etc/vpsnet-mcp/policy.yaml", "--state-dir", "/state"]
