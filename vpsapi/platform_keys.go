package vpsapi

// SSHKey is a public key that new servers are entered by.
type SSHKey struct {
	ID        SSHKeyID    `json:"id"`
	Label     Text        `json:"label"`
	Key       Text        `json:"key,omitempty"`        // the public half
	CreatedAt Int         `json:"created_at,omitempty"` // Unix seconds
	UpdatedAt Int         `json:"updated_at,omitempty"` // Unix seconds
	Servers   []SSHKeyUse `json:"assigned_servers,omitempty"`
}

// SSHKeyUse is a server that has a key.
type SSHKeyUse struct {
	ServerID  Text `json:"server_id"` // within its location
	ServiceID Text `json:"service_id,omitempty"`
	Hostname  Text `json:"hostname,omitempty"`
	Location  Text `json:"datacenter_name,omitempty"`
}

// ListPlatformSSHKeysIn has no arguments.
type ListPlatformSSHKeysIn struct{}

// ListPlatformSSHKeys lists the account's SSH keys.
var ListPlatformSSHKeys = Op[ListPlatformSSHKeysIn, []SSHKey]{
	Name: "list_platform_ssh_keys", Title: "List SSH keys (newer API)", API: Platform,
	Doc:   "List the public SSH keys that servers of the newer API can be built with.",
	Route: "GET /ssh-keys", Reply: platformEnvelope(bareList[SSHKey](), statusCodeKey, 200, "SSH Keys"), Safety: Reads, Evidence: ClaimedWorking,
}

// GetPlatformSSHKeyIn names an SSH key.
type GetPlatformSSHKeyIn struct {
	ID SSHKeyID `json:"ssh_key_id"`
}

// GetPlatformSSHKey reads one SSH key.
var GetPlatformSSHKey = Op[GetPlatformSSHKeyIn, SSHKey]{
	Name: "get_platform_ssh_key", Title: "Get SSH key (newer API)", API: Platform,
	Doc:   "Get one SSH key of the newer API.",
	Route: "GET /ssh-keys/{ssh_key_id}", Reply: platformEnvelope(bareObject[SSHKey](), statusCodeKey, 200, "SSH Key"), Safety: Reads, Evidence: SisterBrand,
}

// CreatePlatformSSHKeyIn is a new SSH key.
type CreatePlatformSSHKeyIn struct {
	PublicKey string `json:"public_key" jsonschema:"minLength=1" jsonschema_description:"Such as ssh-ed25519 AAAA..."`
	Label     string `json:"label" jsonschema:"minLength=1"`
}

// NewSSHKey is the reply to a new SSH key.
type NewSSHKey struct {
	ID SSHKeyID `json:"id"`
}

// CreatePlatformSSHKey stores a public key.
var CreatePlatformSSHKey = Op[CreatePlatformSSHKeyIn, NewSSHKey]{
	Name: "create_platform_ssh_key", Title: "Add SSH key (newer API)", API: Platform,
	Doc:   "Store a public SSH key, for servers to be built with.",
	Route: "POST /ssh-keys", Reply: platformEnvelope(bareObject[NewSSHKey](), statusKey, 200, "SSH Key Created"), Safety: Changes, Evidence: SisterBrand,
}

// RenamePlatformSSHKeyIn is a new label for an SSH key.
type RenamePlatformSSHKeyIn struct {
	ID    SSHKeyID `json:"ssh_key_id"`
	Label string   `json:"label" jsonschema:"minLength=1"`
}

// RenamePlatformSSHKey gives an SSH key another label.
var RenamePlatformSSHKey = Op[RenamePlatformSSHKeyIn, Done]{
	Name: "rename_platform_ssh_key", Title: "Rename SSH key (newer API)", API: Platform,
	Doc:   "Give an SSH key of the newer API another label.",
	Route: "PUT /ssh-keys/{ssh_key_id}", Reply: platformEnvelope(noContent(), statusKey, 200, "SSH Key Updated"), Safety: Changes, Evidence: SisterBrand,
}

// DeletePlatformSSHKeyIn names an SSH key.
type DeletePlatformSSHKeyIn struct {
	ID SSHKeyID `json:"ssh_key_id"`
}

// DeletePlatformSSHKey removes an SSH key from the account. Servers that were
// built with it are not known to lose it.
var DeletePlatformSSHKey = Op[DeletePlatformSSHKeyIn, Done]{
	Name: "delete_platform_ssh_key", Title: "Delete SSH key (newer API)", API: Platform,
	Doc:   "Delete a stored SSH key of the newer API; servers that have it are not known to lose it.",
	Route: "DELETE /ssh-keys/{ssh_key_id}", Reply: platformEnvelope(noContent(), statusKey, 200, "SSH Key Deleted"), Safety: Destroys, Evidence: SisterBrand,
}
